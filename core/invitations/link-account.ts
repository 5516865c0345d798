import { DomainError } from '../domain-error.ts';
import { presentMember } from '../members/member.ts';
import { findAccount } from '../store/accounts.ts';
import {
  changeInvitation,
  deleteLinkCodes,
  findInvitationByCode,
  type Invitation,
  insertInvitation,
  lockInvitation,
} from '../store/invitations.ts';
import { findMember, type Member } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import { newLinkCode, readLinkCode } from './codes.ts';
import { emptyInvitation } from './invitation.ts';
import { linkTo } from './join.ts';

/** How long a link code holds: time to open another messenger and type it. */
export const linkCodeMs = 15 * 60_000;

/** A short code the person types in a second messenger. An earlier unused one stops working. */
export async function createLinkCode(
  unit: Unit,
  memberId: string,
): Promise<{ code: string; expiresAt: number }> {
  await presentMember(unit, memberId);
  await deleteLinkCodes(unit.db, memberId);
  const code = await freeCode(unit);
  const expiresAt = unit.now + linkCodeMs;
  await insertInvitation(unit.db, {
    ...emptyInvitation(unit, 'link', code),
    member_id: memberId,
    expires_at: expiresAt,
  });
  return { code, expiresAt };
}

/**
 * This address becomes one more of the person who made the code. An address nobody joined with is taken over with what was
 * sent to it; one of another person is refused. Linked already: nothing happens. Errors: people:errors.linkUnknown,
 * linkExpired, accountOfOther.
 */
export async function linkAccount(
  unit: Unit,
  { accountId, code }: { accountId: string; code: string },
): Promise<Member> {
  const account = await findAccount(unit.db, accountId);
  const link = await usableLink(unit, code, account?.member_id ?? null);
  if (!account || link.member_id === null) throw new DomainError('common:errors.notFound');
  const member = await presentMember(unit, link.member_id);
  if (account.member_id === member.id) return member;
  if (account.member_id !== null) throw new DomainError('people:errors.accountOfOther');
  await linkTo(unit, account, member.id);
  await changeInvitation(unit.db, link.id, { joined_at: unit.now, joined_count: 1 });
  unit.ring({ kind: 'changed', topic: 'members' });
  return member;
}

/** The code as stored when it is of somebody who has not joined yet: they join with it. Null for any other. */
export async function joiningCode(db: Db, typed: string): Promise<string | null> {
  const code = readLinkCode(typed);
  const link = code === null ? undefined : await findInvitationByCode(db, code);
  if (link?.kind !== 'link' || link.member_id === null) return null;
  return (await findMember(db, link.member_id))?.status === 'listed' ? code : null;
}

/** A code its own person comes with again, from what they linked with it, is no mistake: a start pressed twice. */
async function usableLink(unit: Unit, typed: string, memberId: string | null): Promise<Invitation> {
  const code = readLinkCode(typed);
  if (code !== null) await lockInvitation(unit.db, code);
  const link = code === null ? undefined : await findInvitationByCode(unit.db, code);
  if (link?.kind === 'link' && link.member_id !== null && link.member_id === memberId) return link;
  if (link?.kind !== 'link' || link.joined_at !== null) throw new DomainError('people:errors.linkUnknown');
  if (link.expires_at !== null && link.expires_at <= unit.now) {
    throw new DomainError('people:errors.linkExpired');
  }
  return link;
}

async function freeCode(unit: Unit): Promise<string> {
  for (;;) {
    const code = newLinkCode(unit.ids);
    if (!(await findInvitationByCode(unit.db, code))) return code;
  }
}
