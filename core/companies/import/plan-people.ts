import type { Role } from '../../audiences/audience.ts';
import { DomainError } from '../../domain-error.ts';
import { fold } from '../../fold.ts';
import type { Language } from '../../language.ts';
import { checkMember } from '../../members/check.ts';
import type { Member } from '../../store/members.ts';
import type { Cells, FieldChange, ImportLine } from './plan.ts';
import type { CompanyPlanner, ConsideredCompany } from './plan-companies.ts';

type Fields = Omit<ReturnType<typeof checkMember>, 'company_id'>;

/** A person of the file: the row that stands in the database, if any, and what is to be written. */
export interface PersonWork {
  readonly existing: Member | null;
  readonly fields: Fields;
  /** Folded name of the company; null = the line names none. */
  readonly company: string | null;
}

export interface ConsideredPerson {
  readonly line: ImportLine;
  keep(): void;
}

const roleWords: Readonly<Record<string, Role>> = {
  ...{ member: 'member', osoba: 'member', uczestnik: 'member' },
  ...{ staff: 'staff', zespol: 'staff' },
  ...{ administrator: 'administrator', admin: 'administrator' },
};

const languageWords: Readonly<Record<string, Language>> = {
  ...{ pl: 'pl', polski: 'pl', polish: 'pl' },
  ...{ en: 'en', angielski: 'en', english: 'en' },
};

/**
 * Works out line by line what happens to people. A person is known by e-mail, else by name within the company; namesakes with
 * two e-mails are two people. Empty cells change nothing.
 */
export class PeoplePlanner {
  readonly #companies: CompanyPlanner;
  readonly #network: Language;
  readonly #byEmail: ReadonlyMap<string, Member>;
  readonly #byName = new Map<string, Member[]>();
  /** Who the file named so far, by e-mail and by name, with the line. */
  readonly #seen = new Map<string, { line: number; email: string | null }[]>();
  readonly #work: PersonWork[] = [];
  #administrators: number;

  constructor(existing: readonly Member[], companies: CompanyPlanner, network: Language) {
    this.#companies = companies;
    this.#network = network;
    this.#administrators = existing.filter((m) => m.role === 'administrator').length;
    this.#byEmail = new Map(existing.flatMap((m) => (m.email === null ? [] : [[m.email, m] as const])));
    for (const member of existing) {
      const key = nameKey(member.name_folded, member.company_id);
      this.#byName.set(key, [...(this.#byName.get(key) ?? []), member]);
    }
  }

  /** What the line means for its person. Throws DomainError when the line is to be refused. */
  consider(line: number, cells: Cells, name: string, company: ConsideredCompany | null): ConsideredPerson {
    if (name === '') throw new DomainError('import:problem.noPerson');
    const said = { email: cells.email, tags: cells.personTags?.split(/[,;|]/) };
    const role = word(cells.role, roleWords, 'role');
    const language = word(cells.language, languageWords, 'language');
    const checked = checkMember({
      ...said,
      name,
      role: role ?? 'member',
      language: language ?? this.#network,
    });
    const existing = this.#find(checked, company);
    const fields = {
      ...checked,
      role: role ?? existing?.role ?? 'member',
      language: language ?? existing?.language ?? this.#network,
    };
    this.#refuseTwins(line, checked, company, existing);
    const demoted = existing?.role === 'administrator' && fields.role !== 'administrator';
    if (demoted && this.#administrators <= 1) throw new DomainError('people:errors.lastAdministrator');
    const changes = this.#changes(existing, fields, company);
    const verdict = existing ? (changes.length > 0 ? 'change' : 'same') : 'add';
    return {
      line: { line, verdict, kind: 'person', label: fields.name, changes },
      keep: () => this.#keep(line, { existing, fields, company: company?.folded ?? null }, demoted),
    };
  }

  work(): PersonWork[] {
    return this.#work;
  }

  #find({ email, name_folded }: Fields, company: ConsideredCompany | null): Member | null {
    const known = email ? this.#byEmail.get(email) : undefined;
    if (known) return known;
    if (company && !company.existing) return null;
    const namesakes = this.#byName.get(nameKey(name_folded, company?.existing?.id ?? null)) ?? [];
    return namesakes.find((m) => !email || m.email === null) ?? null;
  }

  /** Refuses somebody the file named before: the same e-mail, or the same name and company unless both e-mails differ. */
  #refuseTwins(line: number, fields: Fields, company: ConsideredCompany | null, existing: Member | null) {
    for (const key of keysOf(fields, company?.folded ?? null, existing)) {
      const twin = (this.#seen.get(key) ?? []).find(
        (s) => !key.startsWith('name:') || !fields.email || !s.email || s.email === fields.email,
      );
      if (twin && twin.line !== line) throw new DomainError('import:problem.twice', { line: twin.line });
    }
  }

  #changes(existing: Member | null, fields: Fields, company: ConsideredCompany | null): FieldChange[] {
    const oldCompany = this.#companyName(existing?.company_id ?? null);
    const newCompany = company ? (this.#companies.nameOf(company.folded) ?? company.line.label) : oldCompany;
    const tags = (json: string | undefined) => (JSON.parse(json ?? '[]') as string[]).join(', ') || null;
    const pairs: readonly (readonly [string, string | null, string | null | undefined])[] = [
      ['name', existing?.name ?? null, existing ? fields.name : undefined],
      ['email', existing?.email ?? null, fields.email],
      ['company', oldCompany, newCompany],
      ['role', existing?.role ?? null, fields.role],
      ['language', existing?.language ?? null, fields.language],
      ['tags', tags(existing?.tags), fields.tags === undefined ? undefined : tags(fields.tags)],
    ];
    return pairs.flatMap(([field, from, to]) =>
      to === undefined || from === to ? [] : [{ field, from, to }],
    );
  }

  #companyName(id: string | null): string | null {
    return id === null ? null : this.#companies.nameById(id);
  }

  #keep(line: number, work: PersonWork, demoted: boolean): void {
    this.#work.push(work);
    for (const key of keysOf(work.fields, work.company, work.existing)) {
      const email = work.fields.email ?? null;
      this.#seen.set(key, [...(this.#seen.get(key) ?? []), { line, email }]);
    }
    if (demoted) this.#administrators -= 1;
    else if (work.fields.role === 'administrator' && work.existing?.role !== 'administrator') {
      this.#administrators += 1;
    }
  }
}

const nameKey = (folded: string, company: string | null) => `name:${folded}\n${company ?? ''}`;

function keysOf(fields: Fields, company: string | null, existing: Member | null): string[] {
  const keys = [nameKey(fields.name_folded, company)];
  if (fields.email) keys.push(`email:${fields.email}`);
  if (existing) keys.push(`row:${existing.id}`);
  return keys;
}

function word<T>(cell: string | undefined, words: Readonly<Record<string, T>>, kind: 'role' | 'language') {
  if (cell === undefined) return undefined;
  const found = words[fold(cell)];
  if (found === undefined) throw new DomainError(`import:problem.${kind}`, { [kind]: cell.slice(0, 40) });
  return found;
}
