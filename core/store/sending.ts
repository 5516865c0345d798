import { type ExpressionBuilder, sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { groupBy } from '../group-by.ts';
import type { Lane } from '../unit.ts';
import { parked } from './channel-state.ts';
import { inChunks } from './chunks.ts';
import type { Delivery } from './deliveries.ts';
import { moveDeliveries, unlessShown } from './delivery-status.ts';
import type { Db, Schema } from './schema.ts';

/** The ones of `ids` that may leave now, in the order given. */
export async function sendable(db: Db, ids: readonly string[], now: number): Promise<Delivery[]> {
  const rows = await inChunks(ids, 500, (chunk) =>
    db
      .selectFrom('delivery')
      .selectAll()
      .where('id', 'in', chunk)
      .where('status', '=', 'pending')
      .where('held', '=', 0)
      .where('not_before', '<=', now)
      .execute(),
  );
  const byId = new Map(rows.map((r) => [r.id, r]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface Claim {
  readonly deliveryId: string;
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
  const won: string[] = [];
  for (const [channel, group] of groupBy(claims, (c) => c.channel)) {
    const ids = group.map((c) => c.deliveryId);
    const change = {
      status: 'sending',
      reason: unlessShown(null),
      claimed_at: now,
      claimed_by: claimedBy,
      account_id: byId(group.map((c) => [c.deliveryId, c.accountId])),
      channel,
      attempts: sql<number>`attempts + 1`,
    } as const;
    const rows = await moveDeliveries(
      db,
      ['pending'],
      (e) => e.and([e('id', 'in', ids), e('held', '=', 0), e('not_before', '<=', now)]),
      change,
    );
    won.push(...rows.map((r) => r.id));
  }
  return new Set(won);
}

/**
 * Writes down that the platform took these messages, under these ids of its own. Returns the ids of those whose state
 * changed since they left.
 */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly { id: string; externalMessageId: string }[],
  now: number,
): Promise<string[]> {
  return inChunks(accepted, 100, async (chunk) => {
    const accept = async (
      from: readonly ('sending' | 'pending' | 'unknown' | 'failed' | 'accepted')[],
      ids: string[],
    ) =>
      moveDeliveries(db, from, (e) => e('id', 'in', ids), {
        status: 'accepted',
        reason: null,
        external_message_id: byId(chunk.map((a) => [a.id, a.externalMessageId])),
        accepted_at: now,
        claimed_at: null,
      });
    const ids = chunk.map((a) => a.id);
    const moved = await accept(['sending'], ids);
    const done = new Set(moved.map((d) => d.id));
    const settled = ids.filter((id) => !done.has(id));
    // Thought lost by another process meanwhile, or confirmed before the platform answered.
    if (settled.length > 0)
      moved.push(...(await accept(['unknown', 'pending', 'failed', 'accepted'], settled)));
    return moved.filter((d) => d.edit_wanted > d.edit_done).map((d) => d.id);
  });
}

/** A value for each row by its id, in one statement on any database. */
function byId(pairs: readonly (readonly [id: string, value: string | null])[]) {
  const cases = pairs.map(([id, value]) => sql`when ${id} then ${value}`);
  return sql<string>`case id ${sql.join(cases, sql` `)} end`;
}

/** Writes down that these go nowhere. */
export async function loseDeliveries(db: Db, ids: readonly string[], reason: string): Promise<void> {
  await moveDeliveries(db, ['pending'], (e) => e('id', 'in', ids), {
    status: 'unreachable',
    reason,
    claimed_at: null,
  });
}

/** Lets these wait until `at`, epoch ms. */
export async function postpone(db: Db, ids: readonly string[], at: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ not_before: at })
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .execute();
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

/** Lets all that waits in the person's own lane wait until `at`, epoch ms. */
export async function postponeOwn(db: Db, owned: Owned, at: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ not_before: at })
    .where(sameOwner(owned))
    .where('lane', '=', 'person')
    .where('status', '=', 'pending')
    .where('not_before', '<', at)
    .execute();
}

function sameOwner({ member_id, account_id }: Owned) {
  return ({ eb, and }: ExpressionBuilder<Schema, 'delivery'>) =>
    member_id === null
      ? and([eb('member_id', 'is', null), eb('account_id', '=', account_id)])
      : eb('member_id', '=', member_id);
}

/** Deliveries left in the middle of sending: claimed before that moment, or by a process that is no more. */
export async function interruptedSends(db: Db, claimedBefore: number, limit: number): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('status', '=', sql.lit('sending'))
    .where((e) =>
      e.or([
        e('claimed_at', '<', claimedBefore),
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
