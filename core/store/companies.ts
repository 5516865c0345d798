import { inChunks } from './chunks.ts';
import { countRows } from './count-rows.ts';
import { behind, companyNaming, contains, type NamePlace } from './names.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Company = Row<'company'>;

export async function findCompany(db: Db, id: string): Promise<Company | undefined> {
  return db.selectFrom('company').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findCompanyByFoldedName(db: Db, folded: string): Promise<Company | undefined> {
  return db.selectFrom('company').selectAll().where('name_folded', '=', folded).executeTakeFirst();
}

export interface CompanySearch {
  /** All must be met: `text`, folded, occurs in what the company is found by, or it belongs to one of these branches. */
  readonly words: readonly { readonly text: string; readonly branches: readonly string[] }[];
  readonly branchId?: string | undefined;
  readonly after: NamePlace | null;
  readonly limit: number;
}

/** Which match, by the Polish alphabet. */
export async function searchCompanies(
  db: Db,
  { after, limit, ...wanted }: CompanySearch,
): Promise<Company[]> {
  let query = matching(db, wanted).selectAll().orderBy('name_key').orderBy('id').limit(limit);
  if (after) query = query.where(behind(after));
  return query.execute();
}

/** How many match, counted no further than `most`. */
export async function countCompanies(
  db: Db,
  { most, ...wanted }: Omit<CompanySearch, 'after' | 'limit'> & { readonly most: number },
): Promise<number> {
  return countRows(db, matching(db, wanted).select('id').limit(most));
}

function matching(db: Db, { words, branchId }: Omit<CompanySearch, 'after' | 'limit'>) {
  let query = db.selectFrom('company');
  for (const { text, branches } of words) {
    query = query.where(({ or, eb }) =>
      or([contains('search', text), ...(branches.length > 0 ? [eb('branch_id', 'in', branches)] : [])]),
    );
  }
  return branchId === undefined ? query : query.where('branch_id', '=', branchId);
}

/** Every company, unsorted. */
export async function allCompanies(db: Db): Promise<Company[]> {
  return db.selectFrom('company').selectAll().execute();
}

export async function companiesByIds(db: Db, ids: readonly string[]): Promise<Company[]> {
  return inChunks(ids, 500, (chunk) =>
    db.selectFrom('company').selectAll().where('id', 'in', chunk).execute(),
  );
}

export async function companyNames(db: Db): Promise<Pick<Company, 'id' | 'name' | 'unit'>[]> {
  return db.selectFrom('company').select(['id', 'name', 'unit']).execute();
}

/** How many people of each company are on the list, those who were erased left out. */
export async function countPeople(db: Db, companyIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await inChunks(companyIds, 500, (chunk) =>
    db
      .selectFrom('member')
      .select(['company_id', (e) => e.fn.countAll<number>().as('n')])
      .where('company_id', 'in', chunk)
      .where('status', '!=', 'erased')
      .groupBy('company_id')
      .execute(),
  );
  return new Map(rows.flatMap((r) => (r.company_id === null ? [] : [[r.company_id, r.n] as const])));
}

export async function insertCompanies(db: Db, companies: readonly NewRow<'company'>[]): Promise<void> {
  await inChunks(companies, 500, async (chunk) => {
    const named = chunk.map((c) => ({ ...c, ...companyNaming({ unit: null, ...c }) }));
    await db.insertInto('company').values(named).execute();
    return [];
  });
}

/** Changes the company if it still stands at `revision`; false when somebody was faster. */
export async function changeCompany(
  db: Db,
  id: string,
  revision: number,
  change: Change<'company'>,
): Promise<boolean> {
  const changed = await db
    .updateTable('company')
    .set({ ...change, revision: revision + 1 })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .returning(['name', 'unit', 'tags', 'offer_pl', 'offer_en'])
    .executeTakeFirst();
  if (!changed) return false;
  await db.updateTable('company').set(companyNaming(changed)).where('id', '=', id).execute();
  return true;
}
