import type { Language } from '../language.ts';

export type Role = 'member' | 'staff' | 'administrator';

/**
 * Who a message is for. Within one list any match counts; the lists given must all match; `except` takes away those who
 * match all its lists. Everything absent or empty = everyone in the network, and except nobody. `members` adds nothing: it
 * narrows like the others.
 */
export interface Audience {
  readonly branches?: readonly string[];
  readonly companies?: readonly string[];
  readonly roles?: readonly Role[];
  readonly languages?: readonly Language[];
  /** Tags of the person or of their company. */
  readonly tags?: readonly string[];
  readonly members?: readonly string[];
  readonly except?: Omit<Audience, 'except'>;
}
