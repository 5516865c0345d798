import { type ExpressionBuilder, sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Lane } from '../unit.ts';
import { parked } from './channel-state.ts';
import type { Delivery } from './deliveries.ts';
import { moveDeliveries, preparedMove, unlessShown } from './delivery-status.ts';
import { preparedIds } from './prepared.ts';
import type { Db, Schema } from './schema.ts';
import { atOnce, type Wait } from './wait.ts';

/** The ones of `ids` that may leave now, in the order given. */
export async function sendable(db: Db, ids: readonly string[], now: number): Promise<Delivery[]> {
  const rows = await pendingByIds(db, ids, { now });
  const byId = new Map(rows.map((r) => [r.id, r]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const pendingByIds = preparedIds((db, ids, { now }: { now: number }) =>
  db
    .selectFrom('delivery')
    .selectAll()
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .where('held', '=', 0)
    .where('not_before', '<=', now),
);

export interface Claim {
  readonly id: string;
  /** Null for a message to a group. */
  readonly accountId: string | null;
  readonly channel: ChannelName;
}

/** Marks deliveries that may leave now as being sent; returns the ids really claimed (another process, a pause or a stop may be faster). */
export async function claim(
  db: Db,
  claims: readonly Claim[],
  now: number,
  claimedBy: string | null,
): Promise<Set<string>> {
  const won = await toSending(db, claims, { now, claimedBy });
  return new Set(won.map((d) => d.id));
}

const toSending = preparedMove(
  ['pending', 'sending'],
  (claims: readonly Claim[], { now, claimedBy }: { now: number; claimedBy: string | null }) => ({
    reason: unlessShown(null),
    claimed_at: now,
    claimed_by: claimedBy,
    account_id: byId(claims.map((c) => [c.id, c.accountId])),
    channel: byId(claims.map((c) => [c.id, c.channel])),
    attempts: sql<number>`attempts + 1`,
  }),
  (e, { now }) => e.and([e('held', '=', 0), e('not_before', '<=', now)]),
);

export interface Accepted {
  readonly id: string;
  readonly externalMessageId: string;
}

/**
 * Writes down that the platform took these messages, under these ids of its own. Returns the ids of those whose state
 * changed since they left.
 */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly Accepted[],
  now: number,
): Promise<string[]> {
  const moved = await toAccepted(db, accepted, { now });
  const done = new Set(moved.map((d) => d.id));
  for (const { id, externalMessageId } of accepted.filter((a) => !done.has(a.id))) {
    // Thought lost by another process meanwhile, or confirmed before the platform answered.
    moved.push(
      ...(await moveDeliveries(db, ['unknown', 'pending', 'failed', 'accepted'], (e) => e('id', '=', id), {
        ...arrived(now),
        status: 'accepted',
        external_message_id: externalMessageId,
      })),
    );
  }
  return moved.filter((d) => d.edit_wanted > d.edit_done).map((d) => d.id);
}

const arrived = (now: number) => ({ reason: null, accepted_at: now, claimed_at: null });

const toAccepted = preparedMove(
  ['sending', 'accepted'],
  (accepted: readonly Accepted[], { now }: { now: number }) => ({
    ...arrived(now),
    external_message_id: byId(accepted.map((a) => [a.id, a.externalMessageId])),
  }),
);

/** A value for each row by its id, in one statement on any database. */
function byId<T extends string | null>(pairs: readonly (readonly [id: string, value: T])[]) {
  const cases = pairs.map(([id, value]) => sql`when ${id} then ${value}`);
  return sql<T>`case id ${sql.join(cases, sql` `)} end`;
}

/** Writes down that these go nowhere. */
export async function loseDeliveries(db: Db, ids: readonly string[], reason: string): Promise<void> {
  await moveDeliveries(db, ['pending'], (e) => e('id', 'in', ids), {
    status: 'unreachable',
    reason,
    claimed_at: null,
  });
}

export async function postpone(db: Db, ids: readonly string[], wait: Wait): Promise<void> {
  await db.updateTable('delivery').set(wait).where('id', 'in', ids).where('status', '=', 'pending').execute();
}

/** What waits for an end of quiet hours that is none any more waits no longer: the sweep takes it from here. */
export async function waitNoLonger(db: Db, until: number, now: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ not_before: now })
    .where('status', '=', sql.lit('pending'))
    .where('put_off_at', 'is not', null)
    .where('quiet', '=', 1)
    .where('not_before', '=', until)
    .execute();
}

/**
 * Ends the waits that are over, and those written down at an hour that is yet to come: the clock was ahead then. Returns
 * whose they were; nobody else rings for them any more.
 */
export async function endWaits(db: Db, now: number, limit: number): Promise<Pick<Delivery, 'id' | 'lane'>[]> {
  const over = await putOff(db, limit).where('not_before', '<=', now).orderBy('not_before').execute();
  const ahead = await putOff(db, limit).where('put_off_at', '>', now).execute();
  const ids = [...new Set([...over, ...ahead].map((d) => d.id))];
  return toLeaveAtOnce(db, ids);
}

const toLeaveAtOnce = preparedIds((db, ids) =>
  db
    .updateTable('delivery')
    .set(atOnce)
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .where('put_off_at', 'is not', null)
    .returning(['id', 'lane']),
);

/** Whether any wait is to end. */
export async function waitsToEnd(db: Db, now: number): Promise<boolean> {
  const over = await putOff(db, 1).where('not_before', '<=', now).execute();
  const ahead = over.length > 0 ? over : await putOff(db, 1).where('put_off_at', '>', now).execute();
  return ahead.length > 0;
}

function putOff(db: Db, limit: number) {
  return (
    db
      .selectFrom('delivery')
      .select('id')
      // A literal, not a bound value: only then does SQLite use the partial indexes.
      .where('status', '=', sql.lit('pending'))
      .where('put_off_at', 'is not', null)
      .limit(limit)
  );
}

type Owned = Pick<Delivery, 'member_id' | 'account_id'>;

/**
 * The first of what still waits in the person's own lane: what is said to one person keeps its order. What waits for a
 * paused messenger holds up nothing: the person may write on another one.
 */
export async function firstWaiting(db: Db, owned: Owned, now: number): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where(sameOwner(owned))
    .where('lane', '=', 'person')
    .where('status', '=', 'pending')
    .where('held', '=', 0)
    .where((e) => e.or([e('reason', 'is', null), e('reason', '!=', parked), e('not_before', '<=', now)]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** Lets all that waits in the person's own lane wait as long as the first of it. */
export async function postponeOwn(db: Db, owned: Owned, { not_before, put_off_at }: Wait): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ not_before, put_off_at })
    .where(sameOwner(owned))
    .where('lane', '=', 'person')
    .where('status', '=', 'pending')
    .where('not_before', '<', not_before)
    .execute();
}

function sameOwner({ member_id, account_id }: Owned) {
  return ({ eb, and }: ExpressionBuilder<Schema, 'delivery'>) =>
    member_id === null
      ? and([eb('member_id', 'is', null), eb('account_id', '=', account_id)])
      : eb('member_id', '=', member_id);
}

/**
 * Deliveries left in the middle of sending: claimed longer ago than that (or as long in the future, by a clock that was
 * ahead), or by a process that is no more.
 */
export async function interruptedSends(
  db: Db,
  now: number,
  olderThanMs: number,
  limit: number,
): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('status', '=', sql.lit('sending'))
    .where((e) =>
      e.or([
        e('claimed_at', '<=', now - olderThanMs),
        e('claimed_at', '>', now + olderThanMs),
        e.and([
          e('claimed_by', 'is not', null),
          e('claimed_by', 'not in', e.selectFrom('process').select('id')),
        ]),
      ]),
    )
    .orderBy('claimed_at')
    .limit(limit)
    .execute();
}

/** Ids of what may leave now, the longest due first. */
export async function pendingDeliveries(db: Db, lane: Lane, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('id')
    // A literal, not a bound value: only then does SQLite use the partial index.
    .where('status', '=', sql.lit('pending'))
    .where('lane', '=', lane)
    .where('held', '=', 0)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((r) => r.id);
}
