import type { Core, Unit } from '../unit.ts';
import { createSignInLink } from './sign-in.ts';

/** How long a sign-in link sent by a messenger may wait to be pressed. */
export const sentLinkMs = 15 * 60_000;

/** A sign-in link as a message keeps it: the secret follows from `signIn` and the installation's own, and stands nowhere. */
export interface SignInRef {
  readonly signIn: string;
}

/**
 * A one-time link for a message to this person. Wici stores neither the address nor its secret; the messenger it is sent
 * through shows it to its owner, where it is dead once used or after fifteen minutes.
 * Errors: console:errors.notStaff.
 */
export async function createSentLink(unit: Unit, memberId: string): Promise<SignInRef> {
  const ref = { signIn: unit.ids.token() };
  await createSignInLink(unit, memberId, { secret: secretOf(unit, ref), lastsMs: sentLinkMs });
  return ref;
}

/** The address such a link opens. */
export function signInAddress(core: Pick<Core, 'ids' | 'url'>, ref: SignInRef): string {
  return `${core.url}/sign-in/${secretOf(core, ref)}`;
}

function secretOf({ ids }: Pick<Core, 'ids'>, { signIn }: SignInRef): string {
  return ids.derived(`sign-in ${signIn}`);
}
