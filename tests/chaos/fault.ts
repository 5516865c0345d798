import type { Random } from './random.ts';
import type { Time } from './stage.ts';

/** One way to do harm, struck and undone: before it resolves nothing is left of it that would last. */
export interface Fault {
  readonly name: string;
  strike(random: Random, time: Time): Promise<void>;
}
