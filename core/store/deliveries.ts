import { type ExpressionBuilder, sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { groupBy } from '../group-by.ts';
import type { Lane } from '../unit.ts';
import { inChunks } from './chunks.ts';
import type { Change, Db, NewRow, Row, Schema } from './schema.ts';
import type { DeliverySubject } from './tables/flow.ts';

export type Delivery = Row<'delivery'>;

/** Inserts, passing over those whose dedupe_key exists; returns the ids really inserted. */
export async function insertDeliveries(db: Db, rows: readonly NewRow<'delivery'>[]): Promise<Set<string>> {
  const inserted = await inChunks(rows, 500, (chunk) =>
    db
      .insertInto('delivery')
      .values(chunk)
      .onConflict((c) => c.column('dedupe_key').doNothing())
      .returning('id')
      .execute(),
  );
  return new Set(inserted.map((r) => r.id));
}

export async function findDelivery(db: Db, id: string): Promise<Delivery | undefined> {
  return db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findDeliveryByToken(db: Db, token: string): Promise<Delivery | undefined> {
  return db.selectFrom('delivery').selectAll().where('token', '=', token).executeTakeFirst();
}

/** The delivery shown as this platform message on one of the member's (or the unjoined address's) accounts. */
export async function findDeliveryByMessage(
  db: Db,
  accountId: string,
  externalMessageId: string,
): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('external_message_id', '=', externalMessageId)
    .executeTakeFirst();
}

/** The broadcast delivery of a subject to one member, e.g. purpose 'main'. */
export async function findDeliveryOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  purpose: string,
  memberId: string,
): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('purpose', '=', purpose)
    .where('member_id', '=', memberId)
    .executeTakeFirst();
}

/**
 * Ids of everything of a subject already shown to a member: what must change when its state changes. What is being sent
 * counts as shown: it left with the state before.
 */
export async function shownTo(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  memberId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('id')
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('member_id', '=', memberId)
    .where(shown)
    .where('content', 'is', null)
    .execute();
  return rows.map((r) => r.id);
}

/** Asks that everything of a subject shown to anyone be edited; returns the ids. */
export async function wantEditsOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
): Promise<string[]> {
  const rows = await db
    .updateTable('delivery')
    .set({ edit_wanted: sql`edit_wanted + 1` })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where(shown)
    .where('content', 'is', null)
    .returning('id')
    .execute();
  return rows.map((r) => r.id);
}

/** Ids of everything of a subject already shown to anyone, in pages by id. */
export async function shownToAnyone(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('id')
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where(shown)
    .where('content', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((r) => r.id);
}

/** The main deliveries of the same subjects to the same members. */
export async function mainDeliveriesOf(
  db: Db,
  subjectKind: DeliverySubject,
  others: readonly Pick<Delivery, 'subject_id' | 'member_id'>[],
): Promise<Pick<Delivery, 'subject_id' | 'member_id' | 'confirmed_at'>[]> {
  const members = [...new Set(others.flatMap((d) => d.member_id ?? []))];
  const subjects = [...new Set(others.map((d) => d.subject_id))];
  return inChunks(members, 500, (chunk) =>
    db
      .selectFrom('delivery')
      .select(['subject_id', 'member_id', 'confirmed_at'])
      .where('subject_kind', '=', subjectKind)
      .where('subject_id', 'in', subjects)
      .where('purpose', '=', 'main')
      .where('member_id', 'in', chunk)
      .execute(),
  );
}

function shown({ or, eb }: ExpressionBuilder<Schema, 'delivery'>) {
  return or([eb('external_message_id', 'is not', null), eb('status', '=', 'sending')]);
}

export async function changeDelivery(db: Db, id: string, change: Change<'delivery'>): Promise<void> {
  await db.updateTable('delivery').set(change).where('id', '=', id).execute();
}

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
  readonly accountId: string;
  readonly channel: ChannelName;
}

/** Marks pending deliveries as being sent; returns the ids really claimed (another process, a pause or a stop may be faster). */
export async function claim(db: Db, claims: readonly Claim[], now: number): Promise<Set<string>> {
  const won: string[] = [];
  for (const [channel, group] of groupBy(claims, (c) => c.channel)) {
    const rows = await db
      .updateTable('delivery')
      .set({
        status: 'sending',
        claimed_at: now,
        account_id: byId(group.map((c) => [c.deliveryId, c.accountId])),
        channel,
        attempts: sql`attempts + 1`,
      })
      .where(
        'id',
        'in',
        group.map((c) => c.deliveryId),
      )
      .where('status', '=', 'pending')
      .where('held', '=', 0)
      .returning('id')
      .execute();
    won.push(...rows.map((r) => r.id));
  }
  return new Set(won);
}

/** Writes down that the platform took these messages, under these ids of its own. */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly { id: string; externalMessageId: string }[],
  now: number,
): Promise<void> {
  await inChunks(accepted, 100, async (chunk) => {
    await db
      .updateTable('delivery')
      .set({
        status: 'accepted',
        reason: null,
        external_message_id: byId(chunk.map((a) => [a.id, a.externalMessageId])),
        accepted_at: now,
        claimed_at: null,
      })
      .where(
        'id',
        'in',
        chunk.map((a) => a.id),
      )
      .execute();
    return [];
  });
}

/** A value for each row by its id, in one statement on any database. */
function byId(pairs: readonly (readonly [id: string, value: string])[]) {
  const cases = pairs.map(([id, value]) => sql`when ${id} then ${value}`);
  return sql<string>`case id ${sql.join(cases, sql` `)} end`;
}

/** Writes down that these go nowhere. */
export async function loseDeliveries(db: Db, ids: readonly string[], reason: string): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ status: 'unreachable', reason, claimed_at: null })
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .execute();
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

/** The first of what still waits in the person's own lane: what is said to one person keeps its order. */
export async function firstWaiting(db: Db, owned: Owned): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where(sameOwner(owned))
    .where('lane', '=', 'person')
    .where('status', '=', 'pending')
    .where('held', '=', 0)
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

/** Deliveries a dead process left in the middle of sending. */
export async function interruptedSends(db: Db, claimedBefore: number, limit: number): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('status', '=', 'sending')
    .where('claimed_at', '<', claimedBefore)
    .orderBy('claimed_at')
    .limit(limit)
    .execute();
}

/** Ids of what may leave now, the longest due first. */
export async function pendingDeliveries(db: Db, lane: Lane, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('id')
    .where('status', '=', 'pending')
    .where('lane', '=', lane)
    .where('held', '=', 0)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((r) => r.id);
}

export async function wantEdits(db: Db, ids: readonly string[]): Promise<void> {
  await inChunks(ids, 500, async (chunk) => {
    await db
      .updateTable('delivery')
      .set({ edit_wanted: sql`edit_wanted + 1` })
      .where('id', 'in', chunk)
      .execute();
    return [];
  });
}

/** The ones of `ids` (all when null) whose shown message lags behind. */
export async function editable(db: Db, ids: readonly string[] | null, limit: number): Promise<Delivery[]> {
  let query = db
    .selectFrom('delivery')
    .selectAll()
    .whereRef('edit_wanted', '>', 'edit_done')
    .where('external_message_id', 'is not', null)
    .orderBy('id')
    .limit(limit);
  if (ids) query = query.where('id', 'in', ids);
  return query.execute();
}

/** These show the state they were read with; what was wanted since then is left to be edited. */
export async function markEdited(
  db: Db,
  shown: readonly Pick<Delivery, 'id' | 'edit_wanted'>[],
): Promise<void> {
  for (const [done, group] of groupBy(shown, (d) => d.edit_wanted)) {
    await db
      .updateTable('delivery')
      .set({ edit_done: done })
      .where(
        'id',
        'in',
        group.map((d) => d.id),
      )
      .execute();
  }
}

/** Holds or frees what of a subject still waits, or may wait again after a failed try; returns its ids. */
export async function holdPending(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  held: boolean,
): Promise<string[]> {
  const rows = await db
    .updateTable('delivery')
    .set({ held: held ? 1 : 0 })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('status', 'in', ['pending', 'sending'])
    .returning('id')
    .execute();
  return rows.map((r) => r.id);
}

/** Ends what of a subject still waits. What is being sent meanwhile and fails ends by its composer having nothing to say. */
export async function failPending(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  reason: string,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('delivery')
    .set({ status: 'failed', reason, held: 0 })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Deliveries of which it is not known whether they arrived, made pending again; those confirmed did arrive. Returns their ids. */
export async function resetUnknown(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  now: number,
): Promise<string[]> {
  const rows = await db
    .updateTable('delivery')
    .set({ status: 'pending', reason: null, not_before: now, attempts: 0 })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('purpose', '=', 'main')
    .where('status', '=', 'unknown')
    .where('confirmed_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map((r) => r.id);
}

/**
 * Writes down that the person read it, unless it stands there already (false). What was read has arrived: whatever was
 * thought of its way is accepted from then on, but for what is still on it.
 */
export async function confirmDelivery(db: Db, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('delivery')
    .set({ confirmed_at: now })
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await db
    .updateTable('delivery')
    .set({ status: 'accepted', reason: null, accepted_at: now })
    .where('id', '=', id)
    .where('status', 'in', ['unknown', 'unreachable', 'failed'])
    .execute();
  return true;
}

export async function unconfirmDelivery(db: Db, id: string): Promise<void> {
  await db.updateTable('delivery').set({ confirmed_at: null }).where('id', '=', id).execute();
}

export interface SubjectCounts {
  readonly recipients: number;
  /** Waiting or being sent. */
  readonly pending: number;
  /** Taken by the platform, confirmed ones included. */
  readonly accepted: number;
  readonly unknown: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly confirmed: number;
}

export const emptyCounts: SubjectCounts = {
  recipients: 0,
  pending: 0,
  accepted: 0,
  unknown: 0,
  unreachable: 0,
  failed: 0,
  confirmed: 0,
};

/** How the main deliveries of a subject stand: pending + accepted + unknown + unreachable + failed = recipients. */
export async function countDeliveries(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
): Promise<SubjectCounts> {
  return (await countDeliveriesOfMany(db, subjectKind, [subjectId])).get(subjectId) ?? emptyCounts;
}

/** The same for many subjects at once; those without a delivery are absent. */
export async function countDeliveriesOfMany(
  db: Db,
  subjectKind: DeliverySubject,
  subjectIds: readonly string[],
): Promise<Map<string, SubjectCounts>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('delivery')
    .select([
      'subject_id',
      'status',
      (e) => e.fn.countAll<number>().as('n'),
      (e) => e.fn.count<number>('confirmed_at').as('c'),
    ])
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', 'in', subjectIds)
    .where('purpose', '=', 'main')
    .groupBy(['subject_id', 'status'])
    .execute();
  return new Map([...groupBy(rows, (r) => r.subject_id)].map(([id, group]) => [id, toCounts(group)]));
}

function toCounts(rows: readonly { status: Delivery['status']; n: number; c: number }[]): SubjectCounts {
  const of = (...statuses: Delivery['status'][]) =>
    rows.filter((r) => statuses.includes(r.status)).reduce((sum, r) => sum + r.n, 0);
  return {
    recipients: rows.reduce((sum, r) => sum + r.n, 0),
    pending: of('pending', 'sending'),
    accepted: of('accepted'),
    unknown: of('unknown'),
    unreachable: of('unreachable'),
    failed: of('failed'),
    confirmed: rows.reduce((sum, r) => sum + r.c, 0),
  };
}
