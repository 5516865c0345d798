import type { Role } from '../../core/audiences/audience.ts';
import { saveCompany } from '../../core/companies/company.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import type { Language } from '../../core/language.ts';
import { listMembers } from '../../core/members/view.ts';
import type { TestCore } from '../support/test-core.ts';
import { Person, type PersonOptions } from './transcript.ts';

/** A company of this name; returns its id. */
export async function company({ core }: TestCore, name: string, branchId = 'other'): Promise<string> {
  const view = await core.transaction((unit) =>
    saveCompany(unit, { name, branchId, offerPl: null, offerEn: null, website: null, unit: null, tags: [] }),
  );
  return view.id;
}

/** A personal invitation; returns its code. */
export async function invite(
  test: TestCore,
  { name, company: named, role }: { name: string; company?: string; role?: Role },
): Promise<string> {
  const companyId = named === undefined ? undefined : await company(test, named);
  const { code } = await test.core.transaction((unit) =>
    createInvitation(unit, { kind: 'personal', name, companyId, role }),
  );
  return code;
}

export interface Joined {
  readonly person: Person;
  readonly id: string;
}

/** Somebody who has joined, through the conversation itself. */
export async function joinedMember(
  test: TestCore,
  name: string,
  options: PersonOptions & {
    readonly language?: Language;
    readonly company?: string;
    readonly role?: Role;
  } = {},
): Promise<Joined> {
  const { language = 'pl', company: named, role, ...place } = options;
  const code = await invite(test, { name, ...(named ? { company: named } : {}), ...(role ? { role } : {}) });
  const person = new Person(test, place);
  await person.does(`/start ${code}`);
  await person.does(language === 'pl' ? '[Polski]' : '[English]');
  await person.does(language === 'pl' ? '[Zgadzam się, dołączam]' : '[I agree, let me join]');
  const { items } = await listMembers(test.core.db, { search: name });
  return { person, id: items[0]?.id ?? '' };
}
