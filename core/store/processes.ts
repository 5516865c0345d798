import type { Db, NewRow, Row } from './schema.ts';

export type Process = Row<'process'>;

export async function insertProcess(db: Db, process: NewRow<'process'>): Promise<void> {
  await db.insertInto('process').values(process).execute();
}

/** The processes entered, those that started first first. */
export async function listProcesses(db: Db): Promise<Process[]> {
  return db.selectFrom('process').selectAll().orderBy('started_at').orderBy('id').execute();
}

/** This one lives and knows this of its messengers. False: the others found it dead and its row is gone. */
export async function beatProcess(db: Db, id: string, messengers: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('process')
    .set((e) => ({ beat: e('beat', '+', 1), messengers }))
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}

/** Removes a process with its leases, when `beat` is given only if it has not gone on since; false when nothing was there. */
export async function removeProcess(db: Db, id: string, beat?: number): Promise<boolean> {
  let query = db.deleteFrom('process').where('id', '=', id);
  if (beat !== undefined) query = query.where('beat', '=', beat);
  const { numDeletedRows } = await query.executeTakeFirst();
  return numDeletedRows > 0;
}

/** Who holds what: process ids by lease. */
export async function leaseHolders(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('lease').selectAll().execute();
  return new Map(rows.map(({ name, process_id }) => [name, process_id]));
}

/** Takes the lease unless somebody holds it; whether it was taken now. */
export async function takeLease(db: Db, name: string, processId: string): Promise<boolean> {
  const taken = await db
    .insertInto('lease')
    .values({ name, process_id: processId })
    .onConflict((c) => c.column('name').doNothing())
    .returning('name')
    .execute();
  return taken.length > 0;
}

export async function dropLease(db: Db, name: string, processId: string): Promise<void> {
  await db.deleteFrom('lease').where('name', '=', name).where('process_id', '=', processId).execute();
}
