import type { Db, NewRow, Row } from './schema.ts';

export async function findIdempotent(db: Db, key: string): Promise<Row<'idempotency'> | undefined> {
  return db.selectFrom('idempotency').selectAll().where('key', '=', key).executeTakeFirst();
}

/** Keeps the answer; false when another request with this key was faster. */
export async function insertIdempotent(db: Db, answer: NewRow<'idempotency'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('idempotency')
    .values(answer)
    .onConflict((c) => c.column('key').doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Forgets answers older than `before` (epoch ms). */
export async function pruneIdempotent(db: Db, before: number): Promise<void> {
  await db.deleteFrom('idempotency').where('at', '<', before).execute();
}
