import type { Row } from './database.ts';
import type { Fault } from './fault.ts';
import type { Hand } from './people.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** None for those who read in the web chat, and for the one nobody can reach. */
  readonly hand: Hand | null;
}

/** Where a round is played: the built program among real servers, or the core alone in a time of its own. */
export interface Stage {
  readonly people: readonly Person[];
  /** Of each group at most one strikes at a time: the cures of two would cross. */
  readonly faults: readonly (readonly Fault[])[];
  /** What faults found broken while they struck. */
  readonly broken: string[];
  /** Words that must stand in no output. */
  readonly secrets: readonly string[];
  readonly time: Time;
  readonly clock: MachineClock;
  rows(sql: string): Promise<Row[]>;
  api<T>(method: 'GET' | 'POST', path: string, body?: unknown, key?: string): Promise<T>;
  /** Staff change what an announcement says, also after it left. */
  correct(id: string, title: string, text: string): Promise<void>;
  /** Everything works again. */
  calm(): Promise<void>;
  /** Words and presses still on their way to Wici. */
  unheard(): number;
  /** What was printed and logged so far. */
  outputs(): string[];
}

/** The rounds' own time, milliseconds. Wici's passes `speed` times as fast. */
export interface Time {
  now(): number;
  wait(ms: number): Promise<void>;
}

/** The clock that Wici reads. */
export interface MachineClock {
  machine(): number;
  /** What it showed in the `ms` of the rounds' time before `at`. */
  shownIn(at: number, ms: number): number[];
  /** So much time passes at once. */
  advance(ms: number): void;
}
