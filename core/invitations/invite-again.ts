import { DomainError } from '../domain-error.ts';
import { editMember, presentMember } from '../members/member.ts';
import { deleteAccessOf } from '../store/access.ts';
import { accountsOf, deleteAccounts } from '../store/accounts.ts';
import {
  changeInvitation,
  deleteLinkCodes,
  type Invitation,
  revokeOpenInvitations,
} from '../store/invitations.ts';
import { findMember } from '../store/members.ts';
import { eraseTalk, leaveShown } from '../store/person-traces.ts';
import type { Unit } from '../unit.ts';
import { createInvitation, hasJoined } from './invitation.ts';

/**
 * For a person who has joined and lost every address they had (another phone, a cleared browser): the old ones are closed
 * for good, with what a web chat showed and every session of the panel, and a personal invitation is made with which they
 * come back once as who they were. Until then nothing is sent to them. On an administrator's word alone: whoever holds the
 * invitation becomes this person. Errors: common:errors.notFound, people:errors.invitationTooHigh, notJoined.
 */
export async function inviteAgain(
  unit: Unit,
  memberId: string,
  administratorId: string,
): Promise<Invitation> {
  const { db, now } = unit;
  if ((await findMember(db, administratorId))?.role !== 'administrator') {
    throw new DomainError('people:errors.invitationTooHigh');
  }
  const member = await presentMember(unit, memberId);
  if (!hasJoined(member)) throw new DomainError('people:errors.notJoined');
  const accounts = await accountsOf(db, [memberId]);
  await leaveShown(db, memberId);
  await eraseTalk(db, [memberId], accounts);
  await deleteAccounts(
    db,
    accounts.map((a) => a.id),
  );
  await deleteLinkCodes(db, memberId);
  await revokeOpenInvitations(db, memberId, now);
  if (memberId !== administratorId) await deleteAccessOf(db, memberId);
  await editMember(unit, memberId, undefined, { status: 'listed', stopped_at: null });
  const invitation = await createInvitation(unit, { kind: 'personal', memberId, createdBy: administratorId });
  await changeInvitation(db, invitation.id, { again: 1 });
  return { ...invitation, again: 1 };
}
