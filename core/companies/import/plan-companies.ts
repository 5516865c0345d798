import { DomainError } from '../../domain-error.ts';
import { fold } from '../../fold.ts';
import type { Branch } from '../../store/branches.ts';
import type { Company } from '../../store/companies.ts';
import { checkCompany } from '../check.ts';
import type { Cells, FieldChange, ImportLine } from './plan.ts';

type Fields = Omit<ReturnType<typeof checkCompany>, 'name' | 'name_folded'>;
type FieldName = keyof Fields;

/** A company of the file: what stands in the database, if anything, and what is to be written. */
export interface CompanyWork {
  readonly existing: Company | null;
  readonly name: string;
  readonly folded: string;
  readonly fields: Fields;
}

export interface ConsideredCompany {
  readonly line: ImportLine;
  readonly folded: string;
  readonly existing: Company | null;
  /** Takes the line into the plan. */
  keep(): void;
}

interface Named extends CompanyWork {
  /** Which line said it first. */
  readonly said: Map<FieldName, number>;
  readonly firstLine: number;
}

const labels: Readonly<Record<FieldName, string>> = {
  ...{ branch_id: 'branch', offer_pl: 'offerPl', offer_en: 'offerEn' },
  ...{ website: 'website', unit: 'unit', tags: 'tags' },
};

/** Works out line by line what happens to companies. Empty cells change nothing; a name is matched without diacritics. */
export class CompanyPlanner {
  readonly #existing: ReadonlyMap<string, Company>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #branches: readonly Branch[];
  readonly #named = new Map<string, Named>();

  constructor(existing: readonly Company[], branches: readonly Branch[]) {
    this.#existing = new Map(existing.map((c) => [c.name_folded, c]));
    this.#names = new Map(existing.map((c) => [c.id, c.name]));
    this.#branches = branches.filter((b) => b.archived_at === null);
  }

  /** What the line means for its company. Throws DomainError when the line is to be refused. */
  consider(line: number, cells: Cells, alone: boolean): ConsideredCompany {
    const { name, name_folded: folded, ...fields } = checkCompany(this.#input(cells));
    const existing = this.#existing.get(folded) ?? null;
    const before = this.#named.get(folded);
    const changes = this.#changes(existing, before, fields);
    if (before && alone && changes.length === 0) {
      throw new DomainError('import:problem.twice', { line: before.firstLine });
    }
    const added = !existing && !before;
    const verdict = added ? 'add' : changes.length > 0 ? 'change' : 'same';
    return {
      line: { line, verdict, kind: 'company', label: existing?.name ?? before?.name ?? name, changes },
      folded,
      existing,
      keep: () => this.#keep({ existing, name, folded, fields }, line),
    };
  }

  nameOf(folded: string): string | null {
    return this.#existing.get(folded)?.name ?? this.#named.get(folded)?.name ?? null;
  }

  nameById(id: string): string | null {
    return this.#names.get(id) ?? null;
  }

  work(): CompanyWork[] {
    return [...this.#named.values()];
  }

  #input(cells: Cells) {
    const { branch, offerPl, offerEn, website, unit, tags } = cells;
    return {
      name: cells.company ?? '',
      ...{ offerPl, offerEn, website, unit, tags: tags?.split(/[,;|]/) },
      branchId: branch === undefined ? undefined : this.#branchId(branch),
    };
  }

  #branchId(typed: string): string {
    const wanted = fold(typed);
    const found = this.#branches.find((b) => [b.name_pl, b.name_en, b.id].some((n) => fold(n) === wanted));
    if (!found) throw new DomainError('people:errors.branchUnknown', { branch: typed.slice(0, 80) });
    return found.id;
  }

  #changes(existing: Company | null, before: Named | undefined, fields: Fields): FieldChange[] {
    const changes: FieldChange[] = [];
    for (const key of Object.keys(labels) as FieldName[]) {
      const to = fields[key];
      if (to === undefined) continue;
      const said = before?.said.get(key);
      if (said !== undefined && before?.fields[key] !== to) {
        throw new DomainError('import:problem.contradicts', { line: said });
      }
      const from = existing?.[key] ?? null;
      if (said !== undefined || sameValue(from, to)) continue;
      changes.push({ field: labels[key], from: this.#shown(key, from), to: this.#shown(key, to) });
    }
    return changes;
  }

  #keep(work: CompanyWork, line: number): void {
    const before = this.#named.get(work.folded);
    const said = before?.said ?? new Map<FieldName, number>();
    for (const key of Object.keys(work.fields) as FieldName[]) if (!said.has(key)) said.set(key, line);
    const fields = { ...before?.fields, ...work.fields };
    this.#named.set(work.folded, { ...work, fields, said, firstLine: before?.firstLine ?? line });
  }

  #shown(key: FieldName, value: string | null): string | null {
    if (value === null) return null;
    if (key === 'tags') return (JSON.parse(value) as string[]).join(', ') || null;
    if (key !== 'branch_id') return value;
    const branch = this.#branches.find((b) => b.id === value);
    if (!branch) return value;
    return branch.name_pl === branch.name_en ? branch.name_pl : `${branch.name_pl} / ${branch.name_en}`;
  }
}

/** An empty list of tags is as good as none. */
function sameValue(from: string | null, to: string | null): boolean {
  return (from ?? '[]') === (to ?? '[]');
}
