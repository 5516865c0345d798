import type { ChannelName } from '../channels/channel-name.ts';
import { inChunks } from './chunks.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type GroupChat = Row<'group_chat'>;

export async function findGroup(db: Db, id: string): Promise<GroupChat | undefined> {
  return db.selectFrom('group_chat').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function groupsByIds(db: Db, ids: readonly string[]): Promise<GroupChat[]> {
  return inChunks([...new Set(ids)], 500, (chunk) =>
    db.selectFrom('group_chat').selectAll().where('id', 'in', chunk).execute(),
  );
}

export async function findGroupByAddress(
  db: Db,
  channel: ChannelName,
  externalId: string,
): Promise<GroupChat | undefined> {
  return db
    .selectFrom('group_chat')
    .selectAll()
    .where('channel', '=', channel)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
}

/** All of them, those of `channel` alone when it is given. */
export async function groupChats(db: Db, channel?: ChannelName): Promise<GroupChat[]> {
  const query = db.selectFrom('group_chat').selectAll().orderBy('id');
  return (channel === undefined ? query : query.where('channel', '=', channel)).execute();
}

/** Inserts the group unless its address is known already. */
export async function insertGroup(db: Db, group: NewRow<'group_chat'>): Promise<void> {
  await db
    .insertInto('group_chat')
    .values(group)
    .onConflict((c) => c.columns(['channel', 'external_id']).doNothing())
    .execute();
}

export async function changeGroup(db: Db, id: string, change: Change<'group_chat'>): Promise<void> {
  await db.updateTable('group_chat').set(change).where('id', '=', id).execute();
}
