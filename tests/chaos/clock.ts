import { closeSync, openSync, writeSync } from 'node:fs';
import type { MachineClock } from './stage.ts';

/** Wici's time passes so many times as fast as ours. */
export const speed = 10;

/** When rounds begin: evenings, mornings and the nights in which the clock is changed, in Poland. */
export const starts = [
  '2027-02-10T09:00:00Z',
  '2027-02-10T18:57:00Z',
  '2027-02-11T05:58:00Z',
  '2027-03-27T18:50:00Z',
  '2027-03-28T00:30:00Z',
  '2027-10-30T17:50:00Z',
  '2027-10-31T00:30:00Z',
].map((iso) => Date.parse(iso));

/**
 * Two clocks: the messengers', which only runs on, and the machine's, which Wici reads, a fault may set wrong and a round
 * moves on when there is nothing to do. The machine's stands in a file that the program under test reads (preload.mjs).
 */
export class Clock implements MachineClock {
  readonly #file: number;
  readonly #start: number;
  #world: number;
  #skew = 0;
  /** What the machine's clock was set to, and when; real epoch ms. */
  readonly #settings: { readonly at: number; readonly origin: number }[] = [];

  constructor(file: string, start: number) {
    this.#file = openSync(file, 'w');
    this.#start = start - speed * Date.now();
    this.#world = this.#start;
    this.#write();
  }

  /** The messengers' time, epoch ms. */
  messengers = (): number => Math.round(this.#start + speed * Date.now());

  /** The time it really is, whatever the machine's clock shows. */
  right = (): number => Math.round(this.#world + speed * Date.now());

  /** The machine's time at a real moment. */
  machine(at = Date.now()): number {
    const setting = this.#settings.findLast((s) => s.at <= at) ?? this.#settings[0];
    return Math.round((setting?.origin ?? 0) + speed * at);
  }

  /** What the machine's clock showed in the `ms` real milliseconds before `at`: every 20 ms, and around each setting. */
  shownIn(at: number, ms: number): number[] {
    const moments = Array.from({ length: Math.ceil(ms / 20) + 1 }, (_, i) => at - ms + i * 20);
    const set = this.#settings.filter((s) => s.at > at - ms && s.at <= at).flatMap((s) => [s.at - 1, s.at]);
    return [...moments, ...set].map((moment) => this.machine(moment));
  }

  /** So much time passes at once. */
  advance(ms: number): void {
    this.#world += ms;
    this.#write();
  }

  /** The machine's clock is so far wrong from now on. */
  setWrong(ms: number): void {
    this.#skew = ms;
    this.#write();
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(): void {
    const origin = this.#world + this.#skew;
    this.#settings.push({ at: Date.now(), origin });
    writeSync(this.#file, new Uint8Array(Float64Array.of(origin).buffer), 0, 8, 0);
  }
}
