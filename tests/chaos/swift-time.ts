import { speed } from './clock.ts';
import type { MachineClock, Time } from './stage.ts';

/** Turns of the event loop without a wait that ends before time moves on: long enough for any transaction. */
const stillTurns = 12;

/** A time that leaps to the next moment somebody waits for, and the machine's clock beside it. */
export class SwiftTime implements Time, MachineClock {
  readonly #waits: { readonly at: number; readonly end: () => void }[] = [];
  readonly #settings: { readonly at: number; readonly origin: number }[] = [];
  #now = 0;
  #origin: number;
  #skew = 0;

  constructor(start: number) {
    this.#origin = start;
    this.#note();
  }

  now(): number {
    return this.#now;
  }

  wait(ms: number): Promise<void> {
    return new Promise((end) => this.#waits.push({ at: this.#now + Math.max(0, ms), end }));
  }

  machine(at = this.#now): number {
    const setting = this.#settings.findLast((s) => s.at <= at) ?? this.#settings[0];
    return Math.round((setting?.origin ?? 0) + speed * at);
  }

  shownIn(at: number, ms: number): number[] {
    const moments = Array.from({ length: Math.ceil(ms / 20) + 1 }, (_, i) => at - ms + i * 20);
    const set = this.#settings.filter((s) => s.at > at - ms && s.at <= at);
    return [...moments.map((m) => this.machine(m)), ...set.map((s) => Math.round(s.origin + speed * s.at))];
  }

  advance(ms: number): void {
    this.#origin += ms;
    this.#note();
  }

  setWrong(ms: number): void {
    this.#skew = ms;
    this.#note();
  }

  /** Lets time run until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const result = work.finally(() => {
      over = true;
    });
    result.catch(() => undefined);
    while (!over) {
      for (let turn = 0; turn < stillTurns && !over; turn++) await new Promise((next) => setImmediate(next));
      if (!over) this.#leap();
    }
    return result;
  }

  #leap(): void {
    let first = 0;
    this.#waits.forEach((wait, i) => {
      if (wait.at < (this.#waits[first]?.at ?? 0)) first = i;
    });
    const [next] = this.#waits.splice(first, 1);
    if (!next) return;
    this.#now = Math.max(this.#now, next.at);
    next.end();
  }

  #note(): void {
    this.#settings.push({ at: this.#now, origin: this.#origin + this.#skew });
  }
}
