import type { Redis } from 'ioredis';
import type { LiveHub } from './live-hub.ts';
import type { Logger } from './logger.ts';

/** Gathered before they are told: a broadcast rings for the same topic again and again. */
const gatherMs = 20;
/** While the line to the others is down, pages look by themselves this often. */
const blindMs = 2000;

interface Told {
  readonly from: string;
  readonly hubs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Carries the bells of live pages between processes over Redis. A bell without content: one that is lost is made up for by
 * ringing for everything once the line is back, and every two seconds meanwhile.
 */
export class LiveRelay {
  readonly #self: string;
  readonly #channel: string;
  readonly #out: Redis;
  readonly #in: Redis;
  readonly #hubs = new Map<string, LiveHub>();
  readonly #gathered = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | null = null;
  #blind: NodeJS.Timeout | null = null;

  /** `out` fails at once while Redis is away, `in` waits for it; both are closed with the relay. */
  constructor(self: string, namespace: string, connections: { readonly out: Redis; readonly in: Redis }) {
    this.#self = self;
    this.#channel = `${namespace}:live`;
    this.#out = connections.out;
    this.#in = connections.in;
  }

  /** Topics of `hub` are told under `name`, and rung in it when others tell them. */
  attach(name: string, hub: LiveHub): void {
    this.#hubs.set(name, hub);
  }

  async open(log: Pick<Logger, 'warn'>): Promise<void> {
    this.#in.on('message', (_, text: string) => this.#hear(text));
    this.#in.on('close', () => {
      this.#blind ??= setInterval(() => this.#ringAll(), blindMs);
    });
    this.#in.on('ready', () => {
      if (!this.#blind) return;
      clearInterval(this.#blind);
      this.#blind = null;
      this.#ringAll();
    });
    await this.#in.subscribe(this.#channel).catch((error: unknown) => {
      log.warn({ err: error }, 'changes made in other processes are not heard of at once');
    });
  }

  /** Tells the others. */
  tell(name: string, topic: string): void {
    const topics = this.#gathered.get(name) ?? new Set();
    this.#gathered.set(name, topics.add(topic));
    this.#timer ??= setTimeout(() => this.#send(), gatherMs);
  }

  close(): void {
    this.#send();
    if (this.#blind) clearInterval(this.#blind);
    this.#in.removeAllListeners();
    this.#in.on('error', () => undefined);
    this.#in.disconnect();
    void this.#out.quit().catch(() => this.#out.disconnect());
  }

  #send(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#gathered.size === 0) return;
    const hubs = Object.fromEntries([...this.#gathered].map(([name, topics]) => [name, [...topics]]));
    this.#gathered.clear();
    this.#out.publish(this.#channel, JSON.stringify({ from: this.#self, hubs })).catch(() => undefined);
  }

  #hear(text: string): void {
    const { from, hubs } = JSON.parse(text) as Told;
    if (from === this.#self) return;
    for (const [name, topics] of Object.entries(hubs)) {
      for (const topic of topics) this.#hubs.get(name)?.publish(topic);
    }
  }

  #ringAll(): void {
    for (const hub of this.#hubs.values()) hub.publishAll();
  }
}
