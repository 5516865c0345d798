import type { Role } from '../audiences/audience.ts';
import { DomainError } from '../domain-error.ts';
import { fold } from '../fold.ts';
import { isLanguage, type Language } from '../language.ts';
import type { Member } from '../store/members.ts';
import { atMost, tidy, tidyTags } from '../tidy.ts';

export const roles = ['member', 'staff', 'administrator'] as const satisfies readonly Role[];

/** How much a role may do: a higher one may all a lower one may. */
export const roleRank = (role: Role): number => roles.indexOf(role);

export const isStaff = ({ role, status }: Pick<Member, 'role' | 'status'>): boolean =>
  role !== 'member' && status === 'active';

export const memberLimits = { name: 120, email: 254 };

export interface MemberFields {
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly companyId?: string | null | undefined;
  readonly role: Role;
  readonly language: Language;
  readonly tags?: readonly string[] | undefined;
}

/** The row's fields from what was typed; absent ones stay absent. Errors: people:errors.* with the field at fault. */
export function checkMember(input: MemberFields) {
  const { email, companyId, role, language, tags } = input;
  if (!roles.includes(role)) throw new DomainError('people:errors.role', {}, 'role');
  if (!isLanguage(language)) throw new DomainError('people:errors.language', {}, 'language');
  return {
    ...checkName(input.name),
    role,
    language,
    ...(email !== undefined && { email: checkEmail(email) }),
    ...(companyId !== undefined && { company_id: companyId || null }),
    ...(tags !== undefined && { tags: JSON.stringify(tidyTags(tags)) }),
  };
}

export function checkName(typed: string): { name: string; name_folded: string } {
  const name = atMost(tidy(typed), memberLimits.name, 'name');
  if (name === '') throw new DomainError('people:errors.memberName', {}, 'name');
  return { name, name_folded: fold(name) };
}

/** Lower case; empty = none. */
export function checkEmail(typed: string | null): string | null {
  const email = atMost(tidy(typed ?? '').toLowerCase(), memberLimits.email, 'email');
  if (email === '') return null;
  if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@.,;<>"]{2,}$/.test(email)) {
    throw new DomainError('people:errors.email', {}, 'email');
  }
  return email;
}
