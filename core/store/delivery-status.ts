import { type Expression, type ExpressionBuilder, type SqlBool, sql, type UpdateObject } from 'kysely';
import { type Counted, count } from './counts.ts';
import { prepared, preparedIds, preparedRows, type RowOf, type Values } from './prepared.ts';
import type { Db, NewRow, Row, Schema } from './schema.ts';

/**
 * The only place where a delivery's status and confirmation change, for here they are counted: the columns cannot be set
 * elsewhere, their types forbid it.
 */

type Status = Row<'delivery'>['status'];

/** A change of a delivery that may move it to another status. */
export interface Move extends Omit<UpdateObject<Schema, 'delivery'>, 'status' | 'confirmed_at'> {
  readonly status?: Status;
  readonly confirmed_at?: number | null;
}

/** The columns' types forbid it everywhere else. */
const permitted = (change: object & Move) => change as object as UpdateObject<Schema, 'delivery'>;

/** What is told of a delivery that was changed. */
export type Moved = Counted &
  Pick<Row<'delivery'>, 'member_id' | 'purpose' | 'lane' | 'edit_wanted' | 'edit_done'>;

const told = [
  'id',
  'subject_kind',
  'subject_id',
  'purpose',
  'lane',
  'member_id',
  'company_id',
  'branch_id',
  'language',
  'channel',
  'status',
  'reason',
  'confirmed_at',
  'edit_wanted',
  'edit_done',
] as const;

type Which = (e: ExpressionBuilder<Schema, 'delivery'>) => Expression<SqlBool>;

/** The reasons of a delivery that waits to be sent again although its messenger may have it. */
const mayStand: readonly (string | null)[] = ['noAnswer', 'interrupted'];

/** Whether it may be shown already: then it goes to the same place again or nowhere. */
export const mayBeShown = ({ reason }: Pick<Row<'delivery'>, 'reason'>) => mayStand.includes(reason);

/** `other`, but for those that may be shown already: that stays known. */
export const unlessShown = (other: string | null) =>
  sql<string | null>`case when reason in (${sql.join(mayStand)}) then reason else ${other} end`;

/**
 * Changes the deliveries that stand at one of `from` and are meant; returns them as they stand now. What its messenger may
 * have does not fail, whatever ends it: nobody knows.
 */
export async function moveDeliveries(
  db: Db,
  from: readonly Status[],
  which: Which,
  change: Move,
): Promise<Moved[]> {
  if (change.status !== 'failed' && change.status !== 'unreachable') return moveAll(db, from, which, change);
  const waiting = (status: Status) => status === 'pending' || status === 'sending';
  const settled = await moveAll(
    db,
    from.filter((status) => !waiting(status)),
    which,
    change,
  );
  const { reason: _, ...rest } = change;
  const shown: Which = (e) => e.and([which(e), e('reason', 'in', mayStand)]);
  const unknown = await moveAll(db, from.filter(waiting), shown, { ...rest, status: 'unknown' });
  return [...settled, ...unknown, ...(await moveAll(db, from.filter(waiting), which, change))];
}

async function moveAll(db: Db, from: readonly Status[], which: Which, change: Move): Promise<Moved[]> {
  const moved: Moved[] = [];
  for (const status of from) {
    const reasons = status === 'unreachable' ? await lockedReasons(db, which) : null;
    const rows = await db
      .updateTable('delivery')
      .set(permitted(change))
      .where('status', '=', sql.lit(status))
      .where(which)
      .returning(told)
      .execute();
    await countMoved(db, rows, status, reasons);
    moved.push(...rows);
  }
  return moved;
}

/**
 * As `moveDeliveries`, of many by their ids between two statuses: the query is built once. `change` and `which` see values
 * as in `preparedRows`. For a move to where what may be shown already must not go it is not made.
 */
export function preparedMove<V extends { readonly id: string } & RowOf<V>, S extends Values>(
  [from, to]: readonly [Status, Exclude<Status, 'failed' | 'unreachable'>],
  change: (rows: readonly V[], shared: S) => Omit<Move, 'status'>,
  which: (e: ExpressionBuilder<Schema, 'delivery'>, shared: S) => Expression<SqlBool> = (e) => e.lit(true),
): (db: Db, rows: readonly V[], shared: S) => Promise<Moved[]> {
  const move = preparedRows((db, rows: readonly V[], shared: S) =>
    db
      .updateTable('delivery')
      .set(permitted({ ...change(rows, shared), status: to }))
      .where('status', '=', sql.lit(from))
      .where(
        'id',
        'in',
        rows.map((r) => r.id),
      )
      .where((e) => which(e, shared))
      .returning(told),
  );
  return async (db, rows, shared) => {
    const moved = await move(db, rows, shared);
    await countMoved(db, moved, from, null);
    return moved;
  };
}

async function countMoved(
  db: Db,
  moved: readonly Moved[],
  from: Status,
  reasons: ReadonlyMap<string, string | null> | null,
): Promise<void> {
  const changed = moved.filter((after) => !sameCount(from, after.status));
  await count(
    db,
    changed.map((after) => ({
      before: { ...after, status: from, reason: reasons?.get(after.id) ?? after.reason },
      after,
    })),
  );
}

/** Why each is unreachable, which is counted; none of them changes before this transaction ends. */
async function lockedReasons(db: Db, which: Which): Promise<Map<string, string | null>> {
  const rows = await db
    .updateTable('delivery')
    .set({ attempts: sql`attempts` })
    .where('status', '=', 'unreachable')
    .where(which)
    .returning(['id', 'reason'])
    .execute();
  return new Map(rows.map((r) => [r.id, r.reason]));
}

/** Being sent is counted as waiting is. */
function sameCount(from: Status, to: Status): boolean {
  const waiting = (s: Status) => s === 'pending' || s === 'sending';
  return to === from || (waiting(to) && waiting(from));
}

/** Inserts, passing over those whose dedupe_key exists; returns the ids really inserted. */
export async function insertDeliveries(db: Db, rows: readonly NewRow<'delivery'>[]): Promise<Set<string>> {
  const placed = await withPlaces(db, rows);
  const inserted = new Set((await insertOnce(db, placed)).map((r) => r.id));
  const made = placed.filter((r) => inserted.has(r.id));
  await count(
    db,
    made.map((r) => ({
      before: null,
      after: { ...r, reason: r.reason ?? null, channel: null, confirmed_at: null },
    })),
  );
  return inserted;
}

const insertOnce = preparedRows((db, rows: readonly NewRow<'delivery'>[]) =>
  db
    .insertInto('delivery')
    .values(rows)
    .onConflict((c) => c.column('dedupe_key').doNothing())
    .returning('id'),
);

/** Main deliveries of announcements and polls to people are counted where their people belong now. */
async function withPlaces(
  db: Db,
  rows: readonly NewRow<'delivery'>[],
): Promise<(NewRow<'delivery'> & Place)[]> {
  const isCounted = (r: NewRow<'delivery'>) =>
    r.purpose === 'main' && (r.subject_kind === 'announcement' || r.subject_kind === 'poll');
  const people = rows.flatMap((r) => (isCounted(r) ? (r.member_id ?? []) : []));
  const found = await placesOf(db, people);
  const places = new Map(found.map(({ id, ...place }) => [id, place]));
  const nowhere: Place = { language: null, company_id: null, branch_id: null };
  return rows.map((r) => ({ ...r, ...((isCounted(r) && places.get(r.member_id ?? '')) || nowhere) }));
}

type Place = Pick<Counted, 'company_id' | 'branch_id' | 'language'>;

const placesOf = preparedIds((db, memberIds) =>
  db
    .selectFrom('member')
    .leftJoin('company', 'company.id', 'member.company_id')
    .select(['member.id', 'member.language', 'member.company_id', 'company.branch_id'])
    .where('member.id', 'in', memberIds),
);

/**
 * Writes down that the person read it, unless it stands there already (false). What was read has arrived: whatever was
 * thought of its way is accepted from then on, but for what is still on it.
 */
export async function confirmDelivery(db: Db, id: string, now: number): Promise<boolean> {
  const before = await setConfirmed(db, id, now);
  if (!before) return false;
  const arrived =
    before.status === 'unknown' || before.status === 'unreachable' || before.status === 'failed';
  const change = { status: 'accepted', reason: null, accepted_at: now } as const satisfies Move;
  if (arrived) await db.updateTable('delivery').set(permitted(change)).where('id', '=', id).execute();
  const after = { ...before, confirmed_at: now, ...(arrived ? change : {}) };
  await count(db, [{ before: { ...before, confirmed_at: null }, after }]);
  return true;
}

const confirmOnce = prepared((db, { id, now }: { id: string; now: number }) =>
  db
    .updateTable('delivery')
    .set(permitted({ confirmed_at: now }))
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .returning(told),
);

async function setConfirmed(db: Db, id: string, now: number): Promise<Moved | undefined> {
  return (await confirmOnce(db, { id, now }))[0];
}

export async function unconfirmDelivery(db: Db, id: string): Promise<void> {
  const after = await db
    .updateTable('delivery')
    .set(permitted({ confirmed_at: null }))
    .where('id', '=', id)
    .where('confirmed_at', 'is not', null)
    .returning(told)
    .executeTakeFirst();
  if (after) await count(db, [{ before: { ...after, confirmed_at: 0 }, after }]);
}

/** These cards of a poll show their person's answer: since `at`, or 0 where no time may be kept. Returns them as they stand, held. */
export async function markAnswered(
  db: Db,
  ids: readonly string[],
  at: number,
): Promise<Pick<Row<'delivery'>, 'id' | 'external_message_id' | 'status' | 'content'>[]> {
  return answered(db, ids, { at });
}

const answered = preparedIds((db, ids, { at }: { at: number }) =>
  db
    .updateTable('delivery')
    .set(permitted({ confirmed_at: at }))
    .where('id', 'in', ids)
    .where('subject_kind', '=', 'poll')
    .returning(['id', 'external_message_id', 'status', 'content']),
);

/** This card of a poll shows the answer, or offers the options again (null). */
export async function setAnswered(db: Db, id: string, at: number | null): Promise<void> {
  await db
    .updateTable('delivery')
    .set(permitted({ confirmed_at: at }))
    .where('id', '=', id)
    .where('subject_kind', '=', 'poll')
    .execute();
}

/** The main delivery of a subject to a member, kept from others until this transaction ends. */
export async function lockMain(
  db: Db,
  subjectKind: Row<'delivery'>['subject_kind'],
  subjectId: string,
  memberId: string,
): Promise<Moved | undefined> {
  return db
    .updateTable('delivery')
    .set({ attempts: sql`attempts` })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('purpose', '=', 'main')
    .where('member_id', '=', memberId)
    .returning(told)
    .executeTakeFirst();
}
