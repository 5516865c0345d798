import { setTimeout as wait } from 'node:timers/promises';
import { Gate } from '../core/deliveries/gate.ts';
import { type Limits, lastAnswersMs, type PaceLine, type Pacing } from '../core/deliveries/pace.ts';
import type { Lane } from '../core/unit.ts';
import { steadyClock } from './ids.ts';
import type { Answer, PaceScript } from './pace-script.ts';

type Slots = Pick<PaceScript, 'ask' | 'pause'>;

interface Waiting {
  readonly address: string;
  readonly limits: Limits;
  /** True: it leaves now. */
  readonly go: (leaves: boolean) => void;
}

/** Broadcasts ask together for what leaves in a tenth of a second. */
const wavesInSecond = 10;
/** Asked for at once. */
const most = 100;
/** While the server is away nothing leaves; it is asked again after this. */
const awayMs = 500;

/**
 * One pace for all processes that send, kept in Redis: every message takes a slot of its own there before it leaves. A
 * person's takes the next one there is room for, broadcasts those of a tenth of a second together. Without Redis everything waits.
 */
export class SharedPace implements Pacing {
  readonly #slots: Slots;
  readonly #away: (error: unknown) => void;
  readonly #lines = new Map<PaceLine, Line>();
  readonly #gate = new Gate(steadyClock, { wait });
  /** Nothing waits for a slot in these any more. */
  readonly #over = new Set<Lane>();

  /** `away` hears each time the server does not answer. */
  constructor(slots: Slots, away: (error: unknown) => void) {
    this.#slots = slots;
    this.#away = away;
  }

  slot(name: PaceLine, limits: Limits, address: string, lane: Lane): Promise<boolean> {
    if (limits.messagesPerSecond === 0 && limits.perAddressIntervalMs === 0) return Promise.resolve(true);
    if (this.#over.has(lane)) return Promise.resolve(false);
    const line = this.#lines.get(name) ?? new Line(name, this.#slots, this.#away);
    this.#lines.set(name, line);
    return line.slot(limits, address, lane);
  }

  leave<T>(line: PaceLine, limits: Limits, lane: Lane, send: () => Promise<T>): Promise<T> {
    return this.#gate.pass(line, limits.messagesPerSecond, lane, send);
  }

  pause(line: PaceLine, ms: number): void {
    this.#slots.pause(line, ms).catch(this.#away);
    this.#gate.pause(line, ms);
  }

  close(): void {
    this.#end('broadcast');
    setTimeout(() => this.#end('person'), lastAnswersMs).unref();
  }

  #end(lane: Lane): void {
    this.#over.add(lane);
    for (const line of this.#lines.values()) line.end(lane);
  }
}

class Line {
  readonly #name: PaceLine;
  readonly #slots: Slots;
  readonly #away: (error: unknown) => void;
  readonly #waiting: Record<Lane, Waiting[]> = { person: [], broadcast: [] };
  #asking = false;
  /** Broadcasts are not asked for before that; performance.now(). */
  #notBefore = 0;
  /** Ends the wait for the next asking. */
  #sleeping: (() => void) | null = null;

  constructor(name: PaceLine, slots: Slots, away: (error: unknown) => void) {
    this.#name = name;
    this.#slots = slots;
    this.#away = away;
  }

  slot(limits: Limits, address: string, lane: Lane): Promise<boolean> {
    return new Promise((go) => {
      this.#waiting[lane].push({ address, limits, go });
      this.#wake(lane === 'person' ? 0 : this.#notBefore - performance.now());
    });
  }

  /** Whoever waits in this lane goes without a slot. */
  end(lane: Lane): void {
    for (const { go } of this.#waiting[lane].splice(0)) go(false);
  }

  #wake(inMs: number): void {
    if (this.#asking) return;
    this.#sleeping?.();
    // A turn later at the soonest: what comes together is asked for together.
    this.#sleeping = inMs > 0 ? after(Math.ceil(inMs), this.#ask) : nextTurn(this.#ask);
  }

  readonly #ask = async (): Promise<void> => {
    this.#sleeping = null;
    this.#asking = true;
    const perSecond = [...this.#waiting.person, ...this.#waiting.broadcast][0]?.limits.messagesPerSecond ?? 0;
    const wave = perSecond === 0 ? most : Math.max(1, Math.floor(perSecond / wavesInSecond));
    const persons = this.#waiting.person.slice(0, most);
    const broadcasts = this.#waiting.broadcast.slice(0, Math.min(wave, most));
    const asked = [...persons, ...broadcasts];
    let nextMs = awayMs;
    try {
      const answers = await this.#slots.ask(
        this.#name,
        perSecond,
        persons.map(toWish),
        broadcasts.map(toWish),
      );
      nextMs = this.#heed(asked, answers);
    } catch (error) {
      this.#away(error);
    }
    this.#asking = false;
    this.#notBefore = performance.now() + nextMs;
    const { person, broadcast } = this.#waiting;
    if (person.some((w) => !asked.includes(w))) this.#wake(0);
    else if (person.length + broadcast.length > 0) this.#wake(nextMs);
  };

  /** Lets go at its slot whoever got one; says in how many ms to ask for the others. */
  #heed(asked: readonly Waiting[], answers: readonly Answer[]): number {
    const going = new Set<Waiting>();
    let nextMs = 0;
    for (const [index, answer] of answers.entries()) {
      const waiting = asked[index];
      if (!waiting) continue;
      if ('slotInMs' in answer) {
        going.add(waiting);
        if (answer.slotInMs < 1) waiting.go(true);
        else setTimeout(waiting.go, Math.ceil(answer.slotInMs), true);
      } else nextMs = nextMs === 0 ? answer.askInMs : Math.min(nextMs, answer.askInMs);
    }
    for (const lane of ['person', 'broadcast'] as const) {
      this.#waiting[lane] = this.#waiting[lane].filter((w) => !going.has(w));
    }
    return nextMs;
  }
}

function after(ms: number, work: () => Promise<void>): () => void {
  const timer = setTimeout(() => void work(), ms);
  return () => clearTimeout(timer);
}

function nextTurn(work: () => Promise<void>): () => void {
  const turn = setImmediate(() => void work());
  return () => clearImmediate(turn);
}

function toWish({ address, limits }: Waiting) {
  return {
    address,
    intervalMs: limits.perAddressIntervalMs,
    burst: limits.perAddressBurst ?? 1,
  };
}
