import type { Db, NewRow, Row } from './schema.ts';

export type Backup = Row<'backup'>;

/** Writes down that a backup begins or was made; false when its row is there already: another process makes it. */
export async function insertBackup(db: Db, backup: NewRow<'backup'>): Promise<boolean> {
  const made = await db
    .insertInto('backup')
    .values(backup)
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

export async function endBackup(
  db: Db,
  id: string,
  end: Pick<Backup, 'ended_at' | 'file' | 'size' | 'fault'>,
): Promise<void> {
  await db.updateTable('backup').set(end).where('id', '=', id).execute();
}

/** The last attempt, and the last that left a backup. */
export async function lastBackups(db: Db): Promise<{ tried: Backup | null; made: Backup | null }> {
  const newest = db.selectFrom('backup').selectAll().orderBy('at', 'desc').orderBy('id').limit(1);
  return {
    tried: (await newest.executeTakeFirst()) ?? null,
    made: (await newest.where('file', 'is not', null).executeTakeFirst()) ?? null,
  };
}

/** Forgets attempts that began before `before`. */
export async function forgetBackups(db: Db, before: number): Promise<void> {
  await db.deleteFrom('backup').where('at', '<', before).execute();
}
