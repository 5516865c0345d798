import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Hand, Shown } from './people.ts';
import type { Random } from './random.ts';
import type { Time } from './stage.ts';

export type Broken = 'throttled' | 'unavailable' | 'taken' | 'lost' | 'slow' | 'unnamed';

interface Message {
  readonly id: string;
  readonly address: string;
  content: OutboundMessage;
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const never = new Promise<never>(() => undefined);

/** A messenger in memory that outlives the program's processes. */
export class Platform {
  readonly name: 'telegram' | 'webchat';
  /** Told an event until it resolves. */
  hear: (event: InboundEvent) => Promise<void> = async () => undefined;
  repeating = false;
  /** Nothing answers: nothing is there to call, or calls hang until they are given up. */
  outage: 'away' | 'silent' | null = null;
  unheard = 0;
  readonly #time: Time;
  readonly #random: Random;
  readonly #messages: Message[] = [];
  readonly #breaking: Broken[] = [];
  readonly #lines = new Map<string, Promise<void>>();
  #events = 0;

  constructor(name: 'telegram' | 'webchat', time: Time, random: Random) {
    this.name = name;
    this.#time = time;
    this.#random = random;
  }

  /** The next `times` calls go wrong in this way. */
  break(kind: Broken, times: number): void {
    this.#breaking.push(...Array.from({ length: times }, () => kind));
  }

  /** The program's end of it; once the process is `dead` nothing comes back from it. */
  adapter(dead: () => boolean): ChannelAdapter {
    const idempotent = this.name === 'webchat';
    return {
      name: this.name,
      capabilities: {
        ...{
          edit: true,
          commandPrefix: '/',
          idempotentSend: idempotent,
          messagesPerSecond: 30,
          perAddressIntervalMs: 0,
          groups: null,
          directory: null,
        },
      },
      endpoints: [],
      receives: 'alone',
      health: () => ({ state: 'connected' }),
      connect: async () => undefined,
      send: async (address, content) => {
        const take = () => {
          const twin = idempotent && this.#messages.find((m) => m.content.deliveryId === content.deliveryId);
          if (twin) return twin.id;
          const id = `${this.#messages.length + 1}`;
          this.#messages.push({ id, address, content });
          return id;
        };
        return { externalMessageId: await this.#call(dead, take) };
      },
      edit: async (_, { externalMessageId }, content) => {
        await this.#call(dead, () => {
          const message = this.#messages.find((m) => m.id === externalMessageId);
          if (message) message.content = content;
        });
      },
      groups: async () => null,
      findByEmail: async () => null,
      close: async () => undefined,
      invitationLink: () => null,
    };
  }

  hand(address: string): Hand {
    const own = () => this.#messages.filter((m) => m.address === address);
    const say = (text: string, replyTo?: string) =>
      this.#tell(address, { type: 'text', text, ...(replyTo === undefined ? {} : { replyTo }) });
    return {
      messenger: this.name,
      address,
      shown: (from = 0) =>
        own()
          .slice(from)
          .map((message) => this.#shown(message)),
      say: (text) => {
        const [, name, args] = /^\/(\w+) ?(.*)$/.exec(text) ?? [];
        if (name === undefined) say(text);
        else this.#tell(address, { type: 'command', name, args: args ?? '' });
      },
      reply: (to, text) => say(text, to.id),
    };
  }

  /** A call takes a moment each way; a process that dies meanwhile never hears of it. */
  async #call<T>(dead: () => boolean, take: () => T): Promise<T> {
    if (dead()) return never;
    await this.#time.wait(this.#random.between(1, 20));
    const kind = this.#outage() ?? this.#breaking.shift();
    // The program gives such a call up after ten seconds of its time.
    if (this.outage === 'silent') await this.#time.wait(1000);
    const error = kind ? brokenError(kind, this.#random) : null;
    const taken =
      kind === undefined || kind === 'taken' || kind === 'slow' || kind === 'unnamed' ? take() : null;
    await this.#time.wait(kind === 'slow' ? 6000 : this.#random.between(1, 20));
    if (dead()) return never;
    if (error) throw error;
    return taken as T;
  }

  #outage(): Broken | null {
    if (this.outage === 'away') return 'unavailable';
    return this.outage && (this.#random.chance(0.5) ? 'taken' : 'lost');
  }

  #shown({ id, address, content }: Message): Shown {
    const pressable = content.blocks.flatMap((block) => {
      if (block.type === 'actions')
        return block.actions.flatMap((a) =>
          a.kind === 'press' ? { label: plain(a.label), id: a.id, values: [] } : [],
        );
      if (block.type !== 'choice') return [];
      return block.options.map((o) => ({ label: plain(o.label), id: block.id, values: [o.value] }));
    });
    return {
      id,
      text: plain(content.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('\n')),
      labels: pressable.map(({ label }) => label),
      token: content.token,
      press: (label) => {
        const found = pressable.find((p) => p.label === label);
        if (!found) return;
        const { id: action, values } = found;
        this.#tell(address, {
          type: 'action',
          token: content.token,
          id: action,
          values,
          externalMessageId: id,
        });
      },
    };
  }

  /** Events of one person are told in order; while `repeating`, some once more, a little later. */
  #tell(address: string, what: { type: 'text' | 'command' | 'action' } & Record<string, unknown>): void {
    const event = { ...what, channel: this.name, externalEventId: `e${++this.#events}`, externalId: address };
    const deliver = async () => {
      await this.#time.wait(this.#random.between(1, 10));
      await this.hear(event as unknown as InboundEvent);
      this.unheard -= 1;
    };
    this.unheard += 1;
    this.#lines.set(address, (this.#lines.get(address) ?? Promise.resolve()).then(deliver));
    if (!this.repeating || !this.#random.chance(0.5)) return;
    this.unheard += 1;
    void this.#time.wait(this.#random.between(1, 300)).then(deliver);
  }
}

function brokenError(kind: Broken, random: Random): Error | null {
  switch (kind) {
    case 'throttled':
      return new ChannelError('Throttled', '429', {
        retryAfterMs: random.between(1, random.chance(0.2) ? 120 : 20) * 1000,
      });
    case 'unavailable':
      return new ChannelError('Unavailable', '500');
    case 'taken':
    case 'lost':
      return new ChannelError('Unavailable', 'no answer', { maybeSent: true });
    case 'unnamed':
      return new TypeError('unexpected end of JSON input');
    case 'slow':
      return null;
  }
}
