import type { ChannelAdapter, ChannelCapabilities } from '../channels/channel-adapter.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Clock, Lane } from '../unit.ts';
import { Gate, keptForPersons } from './gate.ts';

export interface Timer {
  /** Resolves after `ms`; injected so that tests never sleep. */
  wait(ms: number): Promise<void>;
}

/** How fast messages like this one may leave: a group has an interval of its own. */
export function limitsOf(
  { capabilities }: ChannelAdapter,
  { group_id }: Pick<Delivery, 'group_id'>,
): ChannelCapabilities {
  if (group_id === null || !capabilities.groups) return capabilities;
  return { ...capabilities, perAddressIntervalMs: capabilities.groups.intervalMs, perAddressBurst: 1 };
}

/** What waits for one another: a messenger's messages, and its edits where it counts them by themselves. */
export type PaceLine = ChannelName | `${ChannelName}:edits`;

export type Limits = Pick<
  ChannelCapabilities,
  'messagesPerSecond' | 'perAddressIntervalMs' | 'perAddressBurst'
>;

/** Of what the platform takes in a minute so much at once; the rest comes evenly, so that no minute holds more. */
const atOnce = 0.2;

/** Where an edit waits, as what, and how fast those there may leave. */
export function editLine(
  adapter: ChannelAdapter,
  to: { readonly channel: ChannelName; readonly external_id: string },
  delivery: Pick<Delivery, 'group_id'>,
): { line: PaceLine; address: string; limits: Limits } {
  const { editsPerMinute: perMinute } = adapter.capabilities;
  if (perMinute === undefined) {
    return { line: to.channel, address: to.external_id, limits: limitsOf(adapter, delivery) };
  }
  const burst = Math.max(1, Math.floor(perMinute * atOnce));
  const intervalMs = perMinute === 0 ? 0 : 60_000 / Math.max(perMinute - burst, perMinute / 2);
  const limits = { messagesPerSecond: 0, perAddressIntervalMs: intervalMs, perAddressBurst: burst };
  return { line: `${to.channel}:edits`, address: 'all', limits };
}

/** How fast messages leave: kept in this process alone, or together with all that send. */
export interface Pacing {
  /** Resolves when a message to this address may leave; false when its turn does not come before the end. */
  slot(line: PaceLine, limits: Limits, address: string, lane: Lane): Promise<boolean>;
  /**
   * Begins `send`, whose slot came: at once, but for what was held up since and would crowd a second. Rejects with TurnedBack
   * when a pause began meanwhile.
   */
  leave<T>(line: PaceLine, limits: Limits, lane: Lane, send: () => Promise<T>): Promise<T>;
  /** Nothing leaves on this line for `ms`. */
  pause(line: PaceLine, ms: number): void;
  /** The end comes: no broadcast gets a slot any more, and a person's only if it comes soon. */
  close(): void;
}

/** How long answers still get their slots once the end comes. */
export const lastAnswersMs = 1500;

/**
 * Keeps each messenger's rate: one slot at a time per channel, an interval per address (of which some may be saved up),
 * and a pause when the platform asks for one. A person's reply takes the next slot before any waiting broadcast.
 */
export class Pace implements Pacing {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #lines = new Map<PaceLine, Line>();
  readonly #gate: Gate;
  /** Nothing waits for a slot in these any more. */
  readonly #over = new Set<Lane>();

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
    this.#gate = new Gate(clock, timer);
  }

  slot(line: PaceLine, limits: Limits, address: string, lane: Lane): Promise<boolean> {
    const slot = this.#line(line).slot(limits, address, lane);
    if (this.#over.has(lane)) this.#line(line).end(lane);
    return slot;
  }

  leave<T>(line: PaceLine, limits: Limits, lane: Lane, send: () => Promise<T>): Promise<T> {
    return this.#gate.pass(line, limits.messagesPerSecond, lane, send);
  }

  pause(line: PaceLine, ms: number): void {
    this.#line(line).pause(ms);
    this.#gate.pause(line, ms);
  }

  close(): void {
    this.#end('broadcast');
    void this.#timer.wait(lastAnswersMs).then(() => this.#end('person'));
  }

  #end(lane: Lane): void {
    this.#over.add(lane);
    for (const line of this.#lines.values()) line.end(lane);
  }

  #line(name: PaceLine): Line {
    let line = this.#lines.get(name);
    if (!line) {
      line = new Line(this.#clock, this.#timer);
      this.#lines.set(name, line);
    }
    return line;
  }
}

/** Two messages that left in time may arrive a little closer: any second at the platform holds no more than its limit. */
const jitterMs = 2;
/** What was held up catches up with the rate, with so much of it at most. */
const latestMs = 100;
/** A person's answer does not wait for the next even slot: so many may leave before theirs, and the broadcast makes up for it. */
const personAhead = 5;

interface Waiting {
  readonly address: string;
  readonly limits: Limits;
  /** True: it leaves now. */
  readonly go: (leaves: boolean) => void;
}

class Line {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #waiting: Record<Lane, Waiting[]> = { person: [], broadcast: [] };
  /** When all that an address may save up is saved up again. */
  readonly #addressFull = new Map<string, number>();
  /** When the next one would leave, one after another evenly. */
  #even = 0;
  /** How far before that a person's answer may. */
  #aheadMs = 0;
  #pausedUntil = 0;
  /** When the last ones left, as many as may in a second; the oldest stands at `#oldest`. */
  #left: number[] = [];
  #oldest = 0;
  /** The next look is due then; later ones need not be asked for. */
  #alarm = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  slot(limits: Limits, address: string, lane: Lane): Promise<boolean> {
    return new Promise((go) => {
      this.#begin();
      this.#waiting[lane].push({ address, limits, go });
      this.#serve();
    });
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
  }

  /** Whoever waits in this lane goes without a slot. */
  end(lane: Lane): void {
    for (const { go } of this.#waiting[lane].splice(0)) go(false);
  }

  get #anybody(): boolean {
    return this.#waiting.person.length + this.#waiting.broadcast.length > 0;
  }

  /** After a rest it begins evenly: what left at once would fill its second. */
  #begin(): void {
    const now = this.#clock.now();
    if (!this.#anybody && now - this.#even > latestMs) this.#even = now;
  }

  /** Lets go whoever may go now, and looks again when that changes. */
  #serve(): void {
    const now = this.#clock.now();
    for (let next = this.#takeReady(now); next; next = this.#takeReady(now)) this.#grant(next, now);
    if (this.#anybody) this.#wake(this.#nextChange(now), now);
  }

  #wake(at: number, now: number): void {
    if (at >= this.#alarm) return;
    this.#alarm = at;
    void this.#timer.wait(Math.max(1, at - now)).then(() => {
      if (this.#alarm === at) this.#alarm = Number.POSITIVE_INFINITY;
      this.#serve();
    });
  }

  #grant({ address, limits, go }: Waiting, now: number): void {
    if (limits.messagesPerSecond > 0) this.#count(limits.messagesPerSecond, now);
    if (limits.perAddressIntervalMs > 0) {
      const full = Math.max(this.#addressFull.get(address) ?? 0, now) + limits.perAddressIntervalMs;
      this.#addressFull.set(address, full);
      if (this.#addressFull.size > 10_000) this.#forgetFull(now);
    }
    go(true);
  }

  #count(perSecond: number, now: number): void {
    const evenMs = 1000 / perSecond;
    const inSecond = Math.max(1, Math.floor(perSecond));
    if (this.#left.length !== inSecond) {
      this.#left = new Array<number>(inSecond).fill(Number.NEGATIVE_INFINITY);
      this.#oldest = 0;
    }
    this.#left[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % inSecond;
    // Counted from the last slot, not from now, so that a late timer does not lower the rate.
    this.#even = Math.max(this.#even, now - latestMs) + evenMs;
    this.#aheadMs = personAhead * evenMs;
  }

  #laneFree(lane: Lane): number {
    const free =
      lane === 'person'
        ? Math.max(this.#even - this.#aheadMs, this.#room(1))
        : Math.max(this.#even, this.#room(1 + keptForPersons(this.#left.length)));
    return Math.max(free, this.#pausedUntil);
  }

  /** When so many more may leave within their second. */
  #room(more: number): number {
    const left = this.#left[(this.#oldest + more - 1) % this.#left.length] ?? Number.NEGATIVE_INFINITY;
    return left + 1000 + jitterMs;
  }

  #takeReady(now: number): Waiting | null {
    for (const lane of ['person', 'broadcast'] as const) {
      if (now < this.#laneFree(lane)) continue;
      const queue = this.#waiting[lane];
      const index = queue.findIndex((w) => this.#addressFree(w) <= now);
      if (index >= 0) return queue.splice(index, 1)[0] ?? null;
    }
    return null;
  }

  #nextChange(now: number): number {
    const changes = (['person', 'broadcast'] as const).flatMap((lane) => {
      const queue = this.#waiting[lane];
      if (queue.length === 0) return [];
      const free = this.#laneFree(lane);
      return now < free ? [free] : queue.map((w) => this.#addressFree(w));
    });
    return Math.min(...changes);
  }

  /** When the next message to this address may leave; 0 = nothing is known that holds it up. */
  #addressFree({ address, limits }: Waiting): number {
    const saved = (limits.perAddressBurst ?? 1) - 1;
    return (this.#addressFull.get(address) ?? 0) - saved * limits.perAddressIntervalMs;
  }

  #forgetFull(now: number): void {
    for (const [address, full] of this.#addressFull) if (full <= now) this.#addressFull.delete(address);
  }
}
