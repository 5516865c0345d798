import { DomainError } from '../domain-error.ts';
import { fold } from '../fold.ts';
import { type BranchView, toBranchView } from '../network/branches.ts';
import { allBranches, findBranch } from '../store/branches.ts';
import {
  type Company,
  changeCompany,
  countPeople,
  findCompany,
  findCompanyByFoldedName,
  insertCompanies,
} from '../store/companies.ts';
import type { Change, Db, NewRow } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import { checkCompany } from './check.ts';

export interface CompanyView {
  readonly id: string;
  readonly name: string;
  readonly branch: BranchView | null;
  readonly offerPl: string | null;
  readonly offerEn: string | null;
  readonly website: string | null;
  /** Building or unit. */
  readonly unit: string | null;
  readonly tags: string[];
  /** People on the list. */
  readonly people: number;
  readonly demo: boolean;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface CompanyInput {
  readonly id?: string | undefined;
  /** The revision that was edited; absent = change whatever stands there. */
  readonly revision?: number | undefined;
  readonly name: string;
  /** Absent fields stay as they are; null or empty ones are emptied. */
  readonly branchId?: string | null | undefined;
  readonly offerPl?: string | null | undefined;
  readonly offerEn?: string | null | undefined;
  readonly website?: string | null | undefined;
  readonly unit?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

export async function findCompanyView(db: Db, id: string): Promise<CompanyView | null> {
  const company = await findCompany(db, id);
  if (!company) return null;
  const [view] = await companyViews(db, [company]);
  return view ?? null;
}

/**
 * Adds a company or changes one. Errors: common:errors.notFound, common:errors.conflict (somebody was faster),
 * people:errors.companyTaken and what checkCompany refuses.
 */
export async function saveCompany(unit: Unit, input: CompanyInput): Promise<CompanyView> {
  const fields = checkCompany(input);
  if (fields.branch_id && !(await findBranch(unit.db, fields.branch_id))) {
    throw new DomainError('people:errors.branchUnknown', { branch: fields.branch_id }, 'branchId');
  }
  const twin = await findCompanyByFoldedName(unit.db, fold(fields.name));
  if (twin && twin.id !== input.id) {
    throw new DomainError('people:errors.companyTaken', { name: twin.name }, 'name');
  }
  const id = input.id === undefined ? await add(unit, fields) : await change(unit, input.id, input, fields);
  unit.ring({ kind: 'changed', topic: 'companies' });
  const view = await findCompanyView(unit.db, id);
  if (!view) throw new DomainError('common:errors.notFound');
  return view;
}

async function add(unit: Unit, fields: ReturnType<typeof checkCompany>): Promise<string> {
  const id = unit.ids.next();
  await insertCompanies(unit.db, [newCompany(unit, id, fields)]);
  return id;
}

export function newCompany(
  { now }: Pick<Unit, 'now'>,
  id: string,
  fields: Pick<NewRow<'company'>, 'name' | 'name_folded'> & Partial<NewRow<'company'>>,
): NewRow<'company'> {
  return {
    ...{ id, branch_id: null, offer_pl: null, offer_en: null, website: null, unit: null, tags: '[]' },
    ...{ demo: 0, revision: 1, created_at: now, updated_at: now },
    ...fields,
  };
}

async function change(
  unit: Unit,
  id: string,
  { revision }: CompanyInput,
  fields: Change<'company'>,
): Promise<string> {
  const company = await findCompany(unit.db, id);
  if (!company) throw new DomainError('common:errors.notFound');
  const changed = await changeCompany(unit.db, id, revision ?? company.revision, {
    ...fields,
    updated_at: unit.now,
  });
  if (!changed) throw new DomainError('common:errors.conflict');
  return id;
}

/** The companies as staff see them, in the order given. */
export async function companyViews(db: Db, companies: readonly Company[]): Promise<CompanyView[]> {
  const branches = new Map((await allBranches(db)).map((b) => [b.id, toBranchView(b)]));
  const people = await countPeople(
    db,
    companies.map((c) => c.id),
  );
  return companies.map((c) => ({
    id: c.id,
    name: c.name,
    branch: branches.get(c.branch_id ?? '') ?? null,
    offerPl: c.offer_pl,
    offerEn: c.offer_en,
    website: c.website,
    unit: c.unit,
    tags: JSON.parse(c.tags) as string[],
    people: people.get(c.id) ?? 0,
    demo: c.demo === 1,
    revision: c.revision,
    createdAt: c.created_at,
    updatedAt: c.updated_at,
  }));
}
