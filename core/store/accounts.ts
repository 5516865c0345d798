import { sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { inChunks } from './chunks.ts';
import { findMember, type Member } from './members.ts';
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

/** Where something is sent on a messenger. */
export type Address = Pick<Account, 'id' | 'channel' | 'external_id'>;

/** What is needed of a member to write to them; `account` is the open one used last. */
export interface MemberWithAccount extends Pick<Member, 'id' | 'status' | 'language' | 'ways'> {
  readonly account: Address | null;
}

const withAccount = preparedIds((db, ids) =>
  db
    .selectFrom('member')
    .leftJoin('account', 'account.id', 'member.account_id')
    .select(['member.id', 'member.status', 'member.language', 'member.ways'])
    .select(['account.id as accountId', 'account.channel', 'account.external_id'])
    .where('member.id', 'in', ids),
);

export async function membersWithAccount(db: Db, ids: readonly string[]): Promise<MemberWithAccount[]> {
  const rows = await withAccount(db, ids);
  return rows.map(({ id, status, language, ways, accountId, channel, external_id }) => ({
    id,
    status,
    language,
    ways,
    account: accountId && channel && external_id ? { id: accountId, channel, external_id } : null,
  }));
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
    .where('id', '=', a.id)
    .returning('member_id'),
);

/** Somebody wrote from it: it is the one used last, and open. Returns its person, once they have joined. */
export async function useAccount(
  db: Db,
  { id, last_used_at }: Pick<Account, 'id' | 'last_used_at'>,
  at: number,
  displayName: string | null,
): Promise<Member | undefined> {
  const [used] = await touch(db, { id, at, displayName });
  if (!used || used.member_id === null) return undefined;
  // Read only now that the account is ours: whoever closed it meanwhile has said so with the member.
  const member = await findMember(db, used.member_id);
  const stays = member?.account_id === id && last_used_at <= at;
  if (!member || stays) return member;
  await keepWays(db, [member.id]);
  return findMember(db, member.id);
}

export async function changeAccount(db: Db, id: string, change: Change<'account'>): Promise<void> {
  const before = 'member_id' in change ? await findAccount(db, id) : undefined;
  const changed = await db
    .updateTable('account')
    .set(change)
    .where('id', '=', id)
    .returning('member_id')
    .executeTakeFirst();
  if ('member_id' in change || 'status' in change || 'last_used_at' in change) {
    await keepWays(db, [before?.member_id ?? null, changed?.member_id ?? null]);
  }
}

export async function deleteAccounts(db: Db, ids: readonly string[]): Promise<void> {
  const owners = await inChunks(ids, 500, (chunk) =>
    db.deleteFrom('account').where('id', 'in', chunk).returning('member_id').execute(),
  );
  await keepWays(
    db,
    owners.map((o) => o.member_id),
  );
}

/**
 * Keeps with these members how they are written to, now that accounts of theirs changed. Every change of an account passes
 * through this file, so that it always holds.
 */
async function keepWays(db: Db, memberIds: readonly (string | null)[]): Promise<void> {
  const ids = [...new Set(memberIds)].filter((id) => id !== null);
  await inChunks(ids, 500, async (chunk) => {
    // Whoever changes another account of the same person waits here, and then sees this change.
    await db
      .updateTable('member')
      .set((e) => ({ ways: e.ref('ways') }))
      .where('id', 'in', chunk)
      .execute();
    await db
      .updateTable('member')
      .set({ account_id: lastUsed, ways: openChannels })
      .where('id', 'in', chunk)
      .execute();
    return [];
  });
}

const open = sql`from account where account.member_id = member.id and account.status = 'open'`;

const lastUsed = sql<string | null>`(select account.id ${open}
  order by account.last_used_at desc, account.id desc limit 1)`;

const openChannels = sql<string>`case
  when not exists (select 1 from account where account.member_id = member.id) then 'noAccount'
  else coalesce(
    (select string_agg(way.channel, ' ' order by way.place) from (
      select used.channel, min(used.place) as place from (
        select account.channel, row_number() over (order by account.last_used_at desc, account.id desc) as place ${open}) as used
      group by used.channel) as way),
    'blocked') end`;

/** From here to the end of the transaction nobody else writes in these transcripts: what has a later position stands later. */
export async function lockTranscripts(db: Db, externalIds: readonly string[]): Promise<void> {
  await db
    .updateTable('account')
    .set((e) => ({ external_id: e.ref('external_id') }))
    .where('channel', '=', 'webchat')
    .where('external_id', 'in', externalIds)
    .execute();
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
    await keepWays(
      db,
      chunk.map((a) => a.member_id ?? null),
    );
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
