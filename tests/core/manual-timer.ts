import type { Timer } from '../../core/deliveries/pace.ts';
import type { TestClock } from '../support/fakes.ts';

/** Waits end only when the test says so: the clock jumps to the earliest of them. */
export class ManualTimer implements Timer {
  readonly #clock: TestClock;
  readonly #waits: { readonly at: number; readonly end: () => void }[] = [];

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  wait(ms: number): Promise<void> {
    return new Promise((end) => this.#waits.push({ at: this.#clock.now() + ms, end }));
  }

  /** Moves on, wait by wait, until `work` is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const result = work.finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((turn) => setImmediate(turn));
      if (!over) this.#step();
    }
    return result;
  }

  #step(): void {
    this.#waits.sort((a, b) => a.at - b.at);
    const next = this.#waits.shift();
    if (!next) return;
    this.#clock.advance(Math.max(0, next.at - this.#clock.now()));
    next.end();
  }
}
