import type { Params } from './text.ts';

/**
 * Something the person asked for cannot be done. `key` names a text in locales/…/errors.json that says what to do next;
 * it is shown in the person's language. Never used for faults of ours.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly key: string;
  readonly params: Params;
  /** The field of the input that is at fault, as a path ("options.2.pl"), when one is. */
  readonly field: string | undefined;

  constructor(key: string, params: Params = {}, field?: string) {
    super(key);
    this.key = key;
    this.params = params;
    this.field = field;
  }
}
