import type { Role } from '../audiences/audience.ts';
import { DomainError } from '../domain-error.ts';
import type { Language } from '../language.ts';
import { findCompany } from '../store/companies.ts';
import { revokeOpenInvitations } from '../store/invitations.ts';
import {
  changeMember,
  countAdministrators,
  findMember,
  findMemberByEmail,
  insertMembers,
  lockAdministrators,
  type Member,
} from '../store/members.ts';
import type { Change, NewRow } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import { checkMember, checkName, type MemberFields, roleRank } from './check.ts';
import { findMemberView, type MemberView } from './view.ts';

export interface MemberInput extends MemberFields {
  readonly id?: string | undefined;
  /** The revision that was edited; absent = change whatever stands there. */
  readonly revision?: number | undefined;
}

/**
 * Puts a person on the list (status 'listed' until they join) or changes one. Errors: common:errors.notFound,
 * common:errors.conflict, people:errors.emailTaken, people:errors.companyUnknown, people:errors.lastAdministrator and what
 * checkMember refuses.
 */
export async function saveMember(unit: Unit, input: MemberInput): Promise<MemberView> {
  const fields = checkMember(input);
  if (fields.company_id && !(await findCompany(unit.db, fields.company_id))) {
    throw new DomainError('people:errors.companyUnknown', {}, 'companyId');
  }
  if (fields.email) {
    const twin = await findMemberByEmail(unit.db, fields.email);
    if (twin && twin.id !== input.id) throw new DomainError('people:errors.emailTaken', {}, 'email');
  }
  const id = input.id ?? unit.ids.next();
  if (input.id === undefined) await insertMembers(unit.db, [newMember(unit, id, fields)]);
  else await editMember(unit, input.id, input.revision, fields);
  unit.ring({ kind: 'changed', topic: 'members' });
  const view = await findMemberView(unit.db, id);
  if (!view) throw new DomainError('common:errors.notFound');
  return view;
}

/** The name a person wants to be called by. */
export async function renameMember(unit: Unit, memberId: string, name: string): Promise<void> {
  await editMember(unit, memberId, undefined, checkName(name));
  unit.ring({ kind: 'changed', topic: 'members' });
}

/** Everything said to the person from now on is in this language. */
export async function setLanguage(unit: Unit, memberId: string, language: Language): Promise<void> {
  await editMember(unit, memberId, undefined, { language });
  unit.ring({ kind: 'changed', topic: 'members' });
}

/** The row, or common:errors.notFound: nobody has this id, or they were erased. */
export async function presentMember(unit: Unit, id: string): Promise<Member> {
  const member = await findMember(unit.db, id);
  if (!member || member.status === 'erased') throw new DomainError('common:errors.notFound');
  return member;
}

/**
 * Changes the row at `revision` (absent = as it stands). With a higher role the invitations made for the lower one end: they
 * may be in hands that were never to have it. Errors: common:errors.notFound, .conflict, lastAdministrator.
 */
export async function editMember(
  unit: Unit,
  id: string,
  revision: number | undefined,
  change: Change<'member'>,
): Promise<void> {
  const member = await presentMember(unit, id);
  if (change.role !== undefined && change.role !== 'administrator') await notTheLast(unit, member, 'role');
  const edit = { ...change, updated_at: unit.now };
  if (!(await changeMember(unit.db, id, revision ?? member.revision, edit))) {
    throw new DomainError('common:errors.conflict');
  }
  await endLowerInvitations(unit, member, change.role);
}

/** The invitations made for the role before end when `role` is a higher one. */
export async function endLowerInvitations(
  { db, now }: Unit,
  { id, role: before }: Pick<Member, 'id' | 'role'>,
  role: Role | undefined,
): Promise<void> {
  if (role && roleRank(role) > roleRank(before)) await revokeOpenInvitations(db, id, now);
}

/** Refuses to leave the network without an administrator. */
export async function notTheLast(unit: Unit, member: Member, field?: string): Promise<void> {
  if (member.role !== 'administrator') return;
  await lockAdministrators(unit.db);
  if ((await countAdministrators(unit.db, member.id)) === 0) {
    throw new DomainError('people:errors.lastAdministrator', {}, field);
  }
}

/** A row of somebody known to staff who has not joined. */
export function newMember(
  { now }: Pick<Unit, 'now'>,
  id: string,
  fields: Pick<NewRow<'member'>, 'name' | 'name_folded' | 'role' | 'language'> & Partial<NewRow<'member'>>,
): NewRow<'member'> {
  return {
    ...{ id, email: null, company_id: null, status: 'listed', tags: '[]', demo: 0, simulated: 0 },
    ...{ consent_at: null, consent_version: null, stopped_at: null },
    ...{ revision: 1, created_at: now, updated_at: now },
    ...fields,
  };
}
