import { DomainError } from '../domain-error.ts';
import { fold } from '../fold.ts';
import type { Language } from '../language.ts';
import { checkName, roleRank } from '../members/check.ts';
import { consentVersion } from '../members/consent.ts';
import { editMember, newMember, presentMember } from '../members/member.ts';
import { unnamed } from '../members/unnamed.ts';
import { type Account, changeAccount, findAccount } from '../store/accounts.ts';
import { findCompany } from '../store/companies.ts';
import { changeInvitation, type Invitation, lockInvitation } from '../store/invitations.ts';
import { findMember, insertMembers, type Member } from '../store/members.ts';
import { adoptDeliveries } from '../store/person-traces.ts';
import { tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';
import { findUsableInvitation } from './invitation.ts';

export interface Joining {
  readonly accountId: string;
  readonly code: string;
  readonly language: Language;
  /** Picked by the person; the invitation's own company comes first. */
  readonly companyId?: string | undefined;
  /** As the person wants to be called; else the invitation's name, else the messenger's. */
  readonly name?: string | undefined;
}

/**
 * The person agreed: they are made, or the one on the list is completed, active from now with consent, on this account.
 * Somebody who joined before keeps their row; a personal invitation may raise their role. Errors: those of
 * findUsableInvitation, people:errors.accountOfOther, companyUnknown, common:errors.notFound.
 */
export async function join(unit: Unit, joining: Joining): Promise<Member> {
  await lockInvitation(unit.db, joining.code.trim());
  const invitation = await findUsableInvitation(unit, joining.code);
  const account = await findAccount(unit.db, joining.accountId);
  if (!account) throw new DomainError('common:errors.notFound');
  await checkCompany(unit, invitation.company_id ?? joining.companyId ?? null);
  const memberId = await memberFor(unit, joining, invitation, account);
  await changeInvitation(unit.db, invitation.id, {
    joined_at: invitation.joined_at ?? unit.now,
    joined_count: invitation.joined_count + 1,
    ...(invitation.kind === 'personal' && { member_id: memberId }),
  });
  await completeMember(unit, memberId, joining, invitation);
  await linkTo(unit, account, memberId);
  unit.ring({ kind: 'changed', topic: 'members' });
  return presentMember(unit, memberId);
}

/** Before anything is written: what is refused is told in the same transaction, which is not undone. */
async function checkCompany({ db }: Unit, id: string | null): Promise<void> {
  if (id !== null && !(await findCompany(db, id))) {
    throw new DomainError('people:errors.companyUnknown', {}, 'companyId');
  }
}

/** Whose row this joining is about: the account's person, the invited one, or a new one. */
async function memberFor(
  unit: Unit,
  joining: Joining,
  invitation: Invitation,
  account: Account,
): Promise<string> {
  const invited = invitation.member_id;
  if (account.member_id !== null) {
    if (invited !== null && invited !== account.member_id) {
      throw new DomainError('people:errors.accountOfOther');
    }
    return account.member_id;
  }
  if (invited !== null) return invited;
  const id = unit.ids.next();
  const named = invitation.kind === 'personal' ? invitation.name : null;
  const typed = [joining.name, named, account.display_name].map((n) => tidy(n ?? '').slice(0, 120));
  const name = typed.find(Boolean) ?? unnamed(unit.texts, joining.language);
  const { role } = invitation;
  const fields = { name, name_folded: fold(name), role, language: joining.language };
  await insertMembers(unit.db, [newMember(unit, id, fields)]);
  return id;
}

async function completeMember(
  unit: Unit,
  id: string,
  { language, companyId, name }: Joining,
  invitation: Invitation,
): Promise<void> {
  const member = await presentMember(unit, id);
  const company_id = member.company_id ?? invitation.company_id ?? companyId ?? null;
  const raised = roleRank(invitation.role) > roleRank(member.role);
  await editMember(unit, id, undefined, {
    ...{ status: 'active', stopped_at: null, language, company_id },
    ...{ consent_at: unit.now, consent_version: consentVersion },
    ...(name && member.status === 'listed' && checkName(name)),
    ...(raised && { role: invitation.role }),
  });
}

/** The address is this person's from now on, with what was sent to it before anybody was known. */
export async function linkTo(unit: Unit, account: Account, memberId: string): Promise<void> {
  const member = await findMember(unit.db, memberId);
  const change = { member_id: memberId, last_used_at: unit.now, status: 'open', gone_reason: null } as const;
  await changeAccount(unit.db, account.id, { ...change, ...(member && { language: member.language }) });
  await adoptDeliveries(unit.db, account.id, memberId);
}
