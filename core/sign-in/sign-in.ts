import { DomainError } from '../domain-error.ts';
import type { Language } from '../language.ts';
import { setLanguage } from '../members/member.ts';
import {
  deleteExpiredAccess,
  deleteSession,
  findSessionMember,
  findSignInLink,
  hasSignedIn,
  insertSession,
  insertSignInLink,
  useSignInLink,
} from '../store/access.ts';
import { findMember, type Member } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import { hashSecret } from './hash.ts';

/** How long a sign-in link may wait to be pressed. */
export const signInLinkMs = 24 * 3_600_000;
/** How long a browser stays signed in. */
export const sessionMs = 30 * 86_400_000;

/**
 * A one-time secret that signs this person in, good for `lastsMs`. Only its hash is stored.
 * Errors: console:errors.notStaff for a person who may not enter the panel.
 */
export async function createSignInLink(
  unit: Unit,
  memberId: string,
  { secret = unit.ids.secret(), lastsMs = signInLinkMs }: { secret?: string; lastsMs?: number } = {},
): Promise<string> {
  const member = await findMember(unit.db, memberId);
  if (!member || !mayEnter(member)) throw new DomainError('console:errors.notStaff');
  await insertSignInLink(unit.db, {
    id: hashSecret(secret),
    member_id: memberId,
    created_at: unit.now,
    expires_at: unit.now + lastsMs,
    used_at: null,
  });
  return secret;
}

/**
 * Exchanges a link's secret for a session's, once. Who has never joined nor signed in goes on in `language`, their
 * browser's: what stood there was somebody's guess.
 * Errors: console:errors.linkUnknown, linkUsed, linkExpired, notStaff.
 */
export async function consumeSignInLink(
  unit: Unit,
  secret: string,
  language?: Language | null,
): Promise<string> {
  const id = hashSecret(secret);
  const link = await findSignInLink(unit.db, id);
  if (!link) throw new DomainError('console:errors.linkUnknown');
  if (link.used_at !== null) throw new DomainError('console:errors.linkUsed');
  if (link.expires_at <= unit.now) throw new DomainError('console:errors.linkExpired');
  const member = await findMember(unit.db, link.member_id);
  if (!member || !mayEnter(member)) throw new DomainError('console:errors.notStaff');
  const first = member.consent_at === null && !(await hasSignedIn(unit.db, member.id));
  if (!(await useSignInLink(unit.db, id, unit.now))) throw new DomainError('console:errors.linkUsed');
  if (first && language && language !== member.language) await setLanguage(unit, member.id, language);
  await deleteExpiredAccess(unit.db, unit.now);
  return openSession(unit, member.id);
}

async function openSession(unit: Unit, memberId: string): Promise<string> {
  const secret = unit.ids.secret();
  await insertSession(unit.db, {
    id: hashSecret(secret),
    member_id: memberId,
    created_at: unit.now,
    expires_at: unit.now + sessionMs,
  });
  return secret;
}

/** Who is signed in with this session, or null: unknown, expired, or no longer of the staff. */
export async function sessionMember(db: Db, sessionSecret: string, now: number): Promise<Member | null> {
  const member = await findSessionMember(db, hashSecret(sessionSecret), now);
  return member && mayEnter(member) ? member : null;
}

export async function signOut(unit: Unit, sessionSecret: string): Promise<void> {
  await deleteSession(unit.db, hashSecret(sessionSecret));
}

function mayEnter(member: Member): boolean {
  return member.role !== 'member' && member.status !== 'erased';
}
