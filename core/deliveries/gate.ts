import type { Clock, Lane } from '../unit.ts';
import type { PaceLine, Timer } from './pace.ts';

/** A second at the messenger, and 2 ms for what its clock and ours round. */
const secondMs = 1002;
/** An answer that takes longer than the others by more than this holds nobody up. */
const mostLateMs = 250;
/** The shortest way is that of the last so many milliseconds, twice as many at most. */
const waysKeptMs = 5000;
/** How much of an even pace broadcasts keep here: what was held up catches up with the rest. */
const evenness = 0.8;
/** So much of it may be caught up with at once, for timers are no finer. */
const catchUpMs = 4;
/**
 * Where nothing limits a messenger, a broadcast's wait while so many are under way, once something left for a person there and
 * for so long afterwards: answers that come together are one turn of the loop, for which the person's next step waits.
 */
const besidePersons = 4;
const besideMs = 1000;

/**
 * So many of the places in a second broadcasts leave free. What was held up and caught up is a gap a second later, and again
 * each second: whoever pressed in it would wait for its end.
 */
export const keptForPersons = (inSecond: number): number => Math.floor(inSecond / 500);

/** Its messenger asked to wait meanwhile: it has not left, and must not for so long. */
export class TurnedBack extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('turned back at the gate');
    this.name = 'TurnedBack';
    this.waitMs = waitMs;
  }
}

/**
 * The last step before a message leaves. Its slot came in time, but it was written down since, and that takes now longer, now
 * shorter. The messenger counts when a message arrives, which nobody here sees: no later than its answer, less the shortest way
 * there and back. So the next one in its place leaves a second after that, and what arrives closer together than it left
 * crowds no second.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #lines = new Map<PaceLine, GateLine>();

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  /**
   * Begins `send`, in the same turn when it may leave now: when fewer than `perSecond` are within their second. A person's goes
   * before any broadcast's, which keep apart. Without a limit (0) broadcasts wait only to make room for persons. Rejects with
   * TurnedBack during a pause.
   */
  async pass<T>(name: PaceLine, perSecond: number, lane: Lane, send: () => Promise<T>): Promise<T> {
    return this.#line(name).pass(perSecond, lane, send);
  }

  /** Nothing leaves on this line for `ms`; who stands at the gate is turned back, for the pause may be a long one. */
  pause(name: PaceLine, ms: number): void {
    this.#line(name).pause(ms);
  }

  #line(name: PaceLine): GateLine {
    const line = this.#lines.get(name) ?? new GateLine(this.#clock, this.#timer);
    this.#lines.set(name, line);
    return line;
  }
}

interface Waiting {
  /** Null where there are no places, for nothing limits them. */
  readonly go: (place: Place | null) => void;
  readonly back: (reason: TurnedBack) => void;
}

/** One of the places in a second, with what is known of the message that has it. */
interface Place {
  readonly left: number;
  answered: number;
}

class GateLine {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #waiting: Record<Lane, Waiting[]> = { person: [], broadcast: [] };
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** As many as may leave in a second, in the order they were taken; the next stands at `#next`. */
  #places: Place[] = [];
  #next = 0;
  #evenMs = 0;
  /** When the next broadcast may leave, one after another. */
  #evenFree = Number.NEGATIVE_INFINITY;
  /** The shortest way there and back, of the time now and of the one before. */
  #ways = { since: 0, now: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY };
  #alarm = Number.POSITIVE_INFINITY;
  /** Where nothing limits them. */
  #underWay = 0;
  #personPassed = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  pass<T>(perSecond: number, lane: Lane, send: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    const pausedMs = this.#pausedUntil - now;
    if (pausedMs > 0) return Promise.reject(new TurnedBack(pausedMs));
    if (lane === 'person') this.#personPassed = now;
    this.#limit(perSecond);
    return new Promise((resolve, reject) => {
      const go = (place: Place | null) => {
        // What throws before its first wait is a failed send like any other.
        const sent = (async () => send())();
        sent.then(resolve, reject).finally(() => this.#answered(place));
      };
      this.#waiting[lane].push({ go, back: reject });
      this.#open();
    });
  }

  pause(ms: number): void {
    const now = this.#clock.now();
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms);
    const back = new TurnedBack(this.#pausedUntil - now);
    for (const lane of ['person', 'broadcast'] as const)
      for (const waiting of this.#waiting[lane].splice(0)) waiting.back(back);
  }

  #limit(perSecond: number): void {
    const inSecond = perSecond === 0 ? 0 : Math.max(1, Math.floor(perSecond));
    if (this.#places.length === inSecond) return;
    this.#places = Array.from({ length: inSecond }, () => ({
      left: Number.NEGATIVE_INFINITY,
      answered: Number.NEGATIVE_INFINITY,
    }));
    this.#next = 0;
    this.#evenMs = (evenness * secondMs) / perSecond;
  }

  #open(): void {
    if (this.#places.length === 0) this.#openWide();
    else this.#openByPlaces();
  }

  #openWide(): void {
    const now = this.#clock.now();
    const until = this.#personPassed + besideMs;
    for (;;) {
      const room = now >= until || this.#underWay < besidePersons;
      const next = this.#waiting.person.shift() ?? (room ? this.#waiting.broadcast.shift() : undefined);
      if (!next) break;
      this.#underWay += 1;
      next.go(null);
    }
    this.#wake(until, now);
  }

  #openByPlaces(): void {
    for (;;) {
      // What has gone took its time: the clock is asked anew for each.
      const now = this.#clock.now();
      const lane = this.#waiting.person.length > 0 ? 'person' : 'broadcast';
      const free = this.#free(lane);
      if (free > now) {
        this.#wake(free, now);
        return;
      }
      const next = this.#waiting[lane].shift();
      if (!next) return;
      if (lane === 'broadcast') this.#evenFree = Math.max(this.#evenFree, now - catchUpMs) + this.#evenMs;
      next.go(this.#take(now));
    }
  }

  #free(lane: Lane): number {
    const next = this.#freeAt(0);
    return lane === 'person' ? next : Math.max(next, this.#freeAt(this.#kept), this.#evenFree);
  }

  /** When the place taken after so many others is free. */
  #freeAt(after: number): number {
    const { left = 0, answered = 0 } = this.#place(after) ?? {};
    // Asked when the place is wanted, not when the answer came: by then more is known of how short the way is.
    const known = Math.min(this.#ways.now, this.#ways.before);
    const shortest = Number.isFinite(known) ? known : 0;
    return Math.min(left + mostLateMs, answered - shortest) + secondMs;
  }

  #take(now: number): Place {
    const place = { left: now, answered: Number.POSITIVE_INFINITY };
    this.#places[this.#next] = place;
    this.#next = (this.#next + 1) % this.#places.length;
    return place;
  }

  #answered(place: Place | null): void {
    if (!place) {
      this.#underWay -= 1;
      this.#open();
      return;
    }
    place.answered = this.#clock.now();
    this.#noteWay(place.answered, place.answered - place.left);
    if (place === this.#place(0) || place === this.#place(this.#kept)) this.#open();
  }

  get #kept(): number {
    return keptForPersons(this.#places.length);
  }

  #place(after: number): Place | undefined {
    return this.#places[(this.#next + after) % this.#places.length];
  }

  #noteWay(now: number, took: number): void {
    const ways = this.#ways;
    if (now - ways.since > waysKeptMs) this.#ways = { since: now, now: took, before: ways.now };
    else ways.now = Math.min(ways.now, took);
  }

  #wake(at: number, now: number): void {
    if (this.#waiting.person.length + this.#waiting.broadcast.length === 0 || at >= this.#alarm) return;
    this.#alarm = at;
    void this.#timer.wait(Math.max(1, at - now)).then(() => {
      if (this.#alarm === at) this.#alarm = Number.POSITIVE_INFINITY;
      this.#open();
    });
  }
}
