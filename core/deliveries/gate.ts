import type { Clock, Lane } from '../unit.ts';
import type { PaceLine, Timer } from './pace.ts';

const secondMs = 1000;
/** An answer that takes longer than the others by more than this holds nobody up. */
const mostLateMs = 250;
/** The shortest way is that of the last so many milliseconds, twice as many at most. */
const waysKeptMs = 5000;
/** How much of an even pace broadcasts keep here: what was held up catches up with the rest. */
const evenness = 0.8;
/** So much of it may be caught up with at once, for timers are no finer. */
const catchUpMs = 4;

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
   * Begins `send`, in the same turn when it may leave now: when fewer than `perSecond` are within their second (0 = no limit).
   * A person's goes before any broadcast's, which keep apart.
   */
  pass<T>(name: PaceLine, perSecond: number, lane: Lane, send: () => Promise<T>): Promise<T> {
    if (perSecond === 0) return send();
    const line = this.#lines.get(name) ?? new GateLine(this.#clock, this.#timer);
    this.#lines.set(name, line);
    return line.pass(perSecond, lane, send);
  }
}

/** One of the places in a second; free again `until` then. */
interface Place {
  until: number;
}

class GateLine {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #waiting: Record<Lane, ((place: Place) => void)[]> = { person: [], broadcast: [] };
  /** As many as may leave in a second, in the order they were taken; the next stands at `#next`. */
  #places: Place[] = [];
  #next = 0;
  #evenMs = 0;
  /** When the next broadcast may leave, one after another. */
  #evenFree = Number.NEGATIVE_INFINITY;
  /** The shortest way there and back, of the time now and of the one before. */
  #ways = { since: 0, now: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY };
  #alarm = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  pass<T>(perSecond: number, lane: Lane, send: () => Promise<T>): Promise<T> {
    this.#limit(perSecond);
    return new Promise((resolve, reject) => {
      this.#waiting[lane].push((place) => {
        const began = this.#clock.now();
        const answered = () => this.#answered(place, began);
        // What throws before its first wait is a failed send like any other.
        const sent = (async () => send())();
        sent.then(resolve, reject).finally(answered);
      });
      this.#open();
    });
  }

  #limit(perSecond: number): void {
    const inSecond = Math.max(1, Math.floor(perSecond));
    if (this.#places.length === inSecond) return;
    this.#places = Array.from({ length: inSecond }, () => ({ until: Number.NEGATIVE_INFINITY }));
    this.#next = 0;
    this.#evenMs = (evenness * secondMs) / perSecond;
  }

  #open(): void {
    for (;;) {
      // What has gone took its time: the clock is asked anew for each.
      const now = this.#clock.now();
      const lane = this.#waiting.person.length > 0 ? 'person' : 'broadcast';
      const free = this.#free(lane);
      if (free > now) {
        this.#wake(free, now);
        return;
      }
      const go = this.#waiting[lane].shift();
      if (!go) return;
      if (lane === 'broadcast') this.#evenFree = Math.max(this.#evenFree, now - catchUpMs) + this.#evenMs;
      go(this.#take(now));
    }
  }

  #free(lane: Lane): number {
    const place = this.#places[this.#next]?.until ?? 0;
    return lane === 'person' ? place : Math.max(place, this.#evenFree);
  }

  #take(now: number): Place {
    const place = { until: now + secondMs + mostLateMs };
    this.#places[this.#next] = place;
    this.#next = (this.#next + 1) % this.#places.length;
    return place;
  }

  #answered(place: Place, began: number): void {
    const now = this.#clock.now();
    place.until = Math.min(place.until, now - this.#shortestWay(now, now - began) + secondMs);
    if (place === this.#places[this.#next]) this.#open();
  }

  #shortestWay(now: number, took: number): number {
    const ways = this.#ways;
    if (now - ways.since > waysKeptMs) this.#ways = { since: now, now: took, before: ways.now };
    else ways.now = Math.min(ways.now, took);
    return Math.min(this.#ways.now, this.#ways.before);
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
