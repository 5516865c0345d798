import { inChunks } from './chunks.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Company = Row<'company'>;

export async function findCompany(db: Db, id: string): Promise<Company | undefined> {
  return db.selectFrom('company').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findCompanyByFoldedName(db: Db, folded: string): Promise<Company | undefined> {
  return db.selectFrom('company').selectAll().where('name_folded', '=', folded).executeTakeFirst();
}

/** Every company, unsorted: sorting and searching by the Polish alphabet happens above. */
export async function allCompanies(db: Db, branchId?: string): Promise<Company[]> {
  let query = db.selectFrom('company').selectAll();
  if (branchId !== undefined) query = query.where('branch_id', '=', branchId);
  return query.execute();
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
    await db.insertInto('company').values(chunk).execute();
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
  const { numUpdatedRows } = await db
    .updateTable('company')
    .set({ ...change, revision: revision + 1 })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}
