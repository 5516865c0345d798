import type { ExpressionBuilder } from 'kysely';
import { groupBy } from '../group-by.ts';
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

/** What of a subject is, or was to be, posted in groups. */
export async function postsOf(db: Db, subjectKind: DeliverySubject, subjectId: string): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('purpose', '=', 'group')
    .orderBy('id')
    .execute();
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

/** The newest delivery of this purpose to this member on this account. */
export async function lastOfPurpose(
  db: Db,
  { memberId, accountId, purpose }: { memberId: string; accountId: string; purpose: string },
): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('subject_kind', '=', 'dialog')
    .where('account_id', '=', accountId)
    .where('purpose', '=', purpose)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
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

/** The home standing on this account, or about to. */
export async function findHome(db: Db, accountId: string): Promise<Delivery | undefined> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('subject_kind', '=', 'home')
    .where('subject_id', '=', accountId)
    .where('status', 'in', ['pending', 'sending', 'accepted'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** What the person sees, or is about to see. */
export function shown({ or, eb }: ExpressionBuilder<Schema, 'delivery'>) {
  return or([eb('external_message_id', 'is not', null), eb('status', '=', 'sending')]);
}

export async function changeDelivery(db: Db, id: string, change: Change<'delivery'>): Promise<void> {
  await db.updateTable('delivery').set(change).where('id', '=', id).execute();
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

/** How the main deliveries of a subject stand (what is posted in groups is none and is counted nowhere): pending + accepted + unknown + unreachable + failed = recipients. */
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
