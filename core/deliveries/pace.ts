import type { ChannelAdapter, ChannelCapabilities } from '../channels/channel-adapter.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Clock, Lane } from '../unit.ts';
import { Gate } from './gate.ts';

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

/** How fast messages leave: kept in this process alone, or together with all that send. */
export interface Pacing {
  /** Resolves when a message to this address may leave. */
  slot(channel: ChannelName, limits: ChannelCapabilities, externalId: string, lane: Lane): Promise<void>;
  /** Begins `send`, whose slot came: at once, but for what was held up since and would crowd a second. */
  leave<T>(channel: ChannelName, limits: ChannelCapabilities, lane: Lane, send: () => Promise<T>): Promise<T>;
  /** Nothing leaves on this channel for `ms`. */
  pause(channel: ChannelName, ms: number): void;
}

/**
 * Keeps each messenger's rate: one slot at a time per channel, an interval per address (of which some may be saved up),
 * and a pause when the platform asks for one. A person's reply takes the next slot before any waiting broadcast.
 */
export class Pace implements Pacing {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #lines = new Map<ChannelName, Line>();
  readonly #gate: Gate;

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
    this.#gate = new Gate(clock, timer);
  }

  slot(channel: ChannelName, limits: ChannelCapabilities, externalId: string, lane: Lane): Promise<void> {
    return this.#line(channel).slot(limits, externalId, lane);
  }

  leave<T>(
    channel: ChannelName,
    limits: ChannelCapabilities,
    lane: Lane,
    send: () => Promise<T>,
  ): Promise<T> {
    return this.#gate.pass(channel, limits.messagesPerSecond, lane, send);
  }

  pause(channel: ChannelName, ms: number): void {
    this.#line(channel).pause(ms);
  }

  #line(channel: ChannelName): Line {
    let line = this.#lines.get(channel);
    if (!line) {
      line = new Line(this.#clock, this.#timer);
      this.#lines.set(channel, line);
    }
    return line;
  }
}

/** Two messages that left in time may arrive a little closer: any second at the platform holds no more than its limit. */
const jitterMs = 7;
/** A person's answer does not wait for the next even slot: so many may leave before theirs, and the broadcast makes up for it. */
const personAhead = 5;

interface Waiting {
  readonly externalId: string;
  readonly limits: ChannelCapabilities;
  readonly go: () => void;
}

class Line {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #waiting: Record<Lane, Waiting[]> = { person: [], broadcast: [] };
  /** When all that an address may save up is saved up again. */
  readonly #addressFull = new Map<string, number>();
  /** When the next one may leave, one after another evenly. */
  #channelFree = 0;
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

  slot(limits: ChannelCapabilities, externalId: string, lane: Lane): Promise<void> {
    return new Promise((go) => {
      this.#waiting[lane].push({ externalId, limits, go });
      this.#serve();
    });
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
  }

  /** Lets go whoever may go now, and looks again when that changes. */
  #serve(): void {
    const now = this.#clock.now();
    for (let next = this.#takeReady(now); next; next = this.#takeReady(now)) this.#grant(next, now);
    if (this.#waiting.person.length + this.#waiting.broadcast.length > 0)
      this.#wake(this.#nextChange(now), now);
  }

  #wake(at: number, now: number): void {
    if (at >= this.#alarm) return;
    this.#alarm = at;
    void this.#timer.wait(Math.max(1, at - now)).then(() => {
      if (this.#alarm === at) this.#alarm = Number.POSITIVE_INFINITY;
      this.#serve();
    });
  }

  #grant({ externalId, limits, go }: Waiting, now: number): void {
    if (limits.messagesPerSecond > 0) this.#count(limits.messagesPerSecond, now);
    if (limits.perAddressIntervalMs > 0) {
      const full = Math.max(this.#addressFull.get(externalId) ?? 0, now) + limits.perAddressIntervalMs;
      this.#addressFull.set(externalId, full);
      if (this.#addressFull.size > 10_000) this.#forgetFull(now);
    }
    go();
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
    const full = (this.#left[this.#oldest] ?? Number.NEGATIVE_INFINITY) + 1000 + jitterMs;
    // Counted from the last slot, not from now, so that a late timer does not lower the rate; never more than 0.1 s of it saved up.
    this.#channelFree = Math.max(Math.max(this.#channelFree, now - 100) + evenMs, full);
    this.#aheadMs = personAhead * evenMs;
  }

  #laneFree(lane: Lane): number {
    const free = lane === 'person' ? this.#channelFree - this.#aheadMs : this.#channelFree;
    return Math.max(free, this.#pausedUntil);
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
  #addressFree({ externalId, limits }: Waiting): number {
    const saved = (limits.perAddressBurst ?? 1) - 1;
    return (this.#addressFull.get(externalId) ?? 0) - saved * limits.perAddressIntervalMs;
  }

  #forgetFull(now: number): void {
    for (const [address, full] of this.#addressFull) if (full <= now) this.#addressFull.delete(address);
  }
}
