import type { Change, Db, NewRow, Row } from './schema.ts';

export type Branch = Row<'branch'>;

/** All branches in the network's order, archived ones included. */
export async function allBranches(db: Db): Promise<Branch[]> {
  return db.selectFrom('branch').selectAll().orderBy('position').orderBy('id').execute();
}

export async function findBranch(db: Db, id: string): Promise<Branch | undefined> {
  return db.selectFrom('branch').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Inserts the ones whose id is not there yet. */
export async function insertBranches(db: Db, branches: readonly NewRow<'branch'>[]): Promise<void> {
  await db
    .insertInto('branch')
    .values(branches)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
}

export async function changeBranch(db: Db, id: string, change: Change<'branch'>): Promise<void> {
  await db.updateTable('branch').set(change).where('id', '=', id).execute();
}
