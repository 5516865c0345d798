import type { ChannelName } from '../channels/channel-name.ts';
import type { Change, Db, Row } from './schema.ts';

export type Account = Row<'account'>;

export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findAccountByAddress(
  db: Db,
  channel: ChannelName,
  externalId: string,
): Promise<Account | undefined> {
  return db
    .selectFrom('account')
    .selectAll()
    .where('channel', '=', channel)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
}

/** All accounts of these members, the one used last first. */
export async function accountsOf(db: Db, memberIds: readonly string[]): Promise<Account[]> {
  if (memberIds.length === 0) return [];
  return db
    .selectFrom('account')
    .selectAll()
    .where('member_id', 'in', memberIds)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export async function changeAccount(db: Db, id: string, change: Change<'account'>): Promise<void> {
  await db.updateTable('account').set(change).where('id', '=', id).execute();
}
