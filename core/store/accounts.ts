import type { ChannelName } from '../channels/channel-name.ts';
import { inChunks } from './chunks.ts';
import { prepared, preparedIds } from './prepared.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Account = Row<'account'>;

export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function accountsByIds(db: Db, ids: readonly string[]): Promise<Account[]> {
  return byIds(db, [...new Set(ids)]);
}

const byIds = preparedIds((db, ids) => db.selectFrom('account').selectAll().where('id', 'in', ids));

const byAddress = prepared((db, address: { channel: ChannelName; externalId: string }) =>
  db
    .selectFrom('account')
    .selectAll()
    .where('channel', '=', address.channel)
    .where('external_id', '=', address.externalId),
);

export async function findAccountByAddress(
  db: Db,
  channel: ChannelName,
  externalId: string,
): Promise<Account | undefined> {
  return (await byAddress(db, { channel, externalId }))[0];
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

const touch = prepared((db, a: { id: string; at: number; displayName: string | null }) =>
  db
    .updateTable('account')
    .set({ last_used_at: a.at, status: 'open', gone_reason: null, display_name: a.displayName })
    .where('id', '=', a.id),
);

/** Somebody wrote from it: it is the one used last, and open. */
export async function useAccount(db: Db, id: string, at: number, displayName: string | null): Promise<void> {
  await touch(db, { id, at, displayName });
}

export async function changeAccount(db: Db, id: string, change: Change<'account'>): Promise<void> {
  await db.updateTable('account').set(change).where('id', '=', id).execute();
}

/** A conversation with an address and how far it was read, in the platform's own ids. */
export interface Thread {
  readonly externalId: string;
  readonly id: string;
  readonly readTo: string;
}

/** What is known of a messenger's conversations, the one used last first. */
export async function threadsOf(db: Db, channel: ChannelName): Promise<Thread[]> {
  return db
    .selectFrom('account')
    .select(['external_id as externalId', 'thread_id as id', 'thread_read_to as readTo'])
    .where('channel', '=', channel)
    .where('thread_id', 'is not', null)
    .where('thread_read_to', 'is not', null)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .$narrowType<{ id: string; readTo: string }>()
    .execute();
}

/** An address nobody has any more is not made anew. */
export async function markThread(db: Db, channel: ChannelName, thread: Thread): Promise<void> {
  await db
    .updateTable('account')
    .set({ thread_id: thread.id, thread_read_to: thread.readTo })
    .where('channel', '=', channel)
    .where('external_id', '=', thread.externalId)
    .execute();
}

/** Inserts the account unless its address is known already. */
export async function insertAccounts(db: Db, accounts: readonly NewRow<'account'>[]): Promise<void> {
  await inChunks(accounts, 500, async (chunk) => {
    await db
      .insertInto('account')
      .values(chunk)
      .onConflict((c) => c.columns(['channel', 'external_id']).doNothing())
      .execute();
    return [];
  });
}

/** Addresses nobody joined with and nobody wrote from since `unusedSince`; erased ones since `erasedSince`. */
export async function strangers(
  db: Db,
  unusedSince: number,
  erasedSince: number,
  limit: number,
): Promise<Account[]> {
  return db
    .selectFrom('account')
    .selectAll()
    .where('member_id', 'is', null)
    .where((e) =>
      e.or([
        e('last_used_at', '<', unusedSince),
        e.and([e('gone_reason', '=', 'erased'), e('last_used_at', '<', erasedSince)]),
      ]),
    )
    .orderBy('last_used_at')
    .limit(limit)
    .execute();
}
