import { prepared } from './prepared.ts';
import type { Db, Row } from './schema.ts';

const ofOwner = prepared((db, { ownerId }: { ownerId: string }) =>
  db.selectFrom('conversation').selectAll().where('owner_id', '=', ownerId),
);

export async function findConversationRow(db: Db, ownerId: string): Promise<Row<'conversation'> | undefined> {
  return (await ofOwner(db, { ownerId }))[0];
}

/** Writes the conversation if it still stands at `revision` (0 = there is none yet); false when another event was faster. */
export async function writeConversation(
  db: Db,
  row: Row<'conversation'>,
  revision: number,
): Promise<boolean> {
  if (revision === 0) {
    const made = await db
      .insertInto('conversation')
      .values(row)
      .onConflict((c) => c.column('owner_id').doNothing())
      .returning('owner_id')
      .execute();
    return made.length > 0;
  }
  const { numUpdatedRows } = await db
    .updateTable('conversation')
    .set(row)
    .where('owner_id', '=', row.owner_id)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}

export async function deleteConversation(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('conversation').where('owner_id', '=', ownerId).execute();
}
