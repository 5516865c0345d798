import { type ExpressionBuilder, sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { inChunks } from './chunks.ts';
import { moveDeliveries } from './delivery-status.ts';
import { prepared } from './prepared.ts';
import type { Change, Db, Row, Schema } from './schema.ts';
import type { DeliverySubject } from './tables/flow.ts';
import { atOnce } from './wait.ts';

export type Delivery = Row<'delivery'>;

export async function findDelivery(db: Db, id: string): Promise<Delivery | undefined> {
  return db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst();
}

const byToken = prepared((db, { token }: { token: string }) =>
  db.selectFrom('delivery').selectAll().where('token', '=', token),
);

export async function findDeliveryByToken(db: Db, token: string): Promise<Delivery | undefined> {
  return (await byToken(db, { token }))[0];
}

/** What is being sent to this address, if it is one message: under which number it stands the platform has yet to say. */
export async function onItsWay(db: Db, accountId: string): Promise<Delivery | undefined> {
  const [only, another] = await db
    .selectFrom('delivery')
    .selectAll()
    // A literal, not a bound value: only then does SQLite use the partial index.
    .where('status', '=', sql.lit('sending'))
    .where('account_id', '=', accountId)
    .limit(2)
    .execute();
  return another ? undefined : only;
}

/** The delivery shown as this platform message, or with it as one of its parts, on an account. */
export async function findDeliveryByMessage(
  db: Db,
  accountId: string,
  externalMessageId: string,
): Promise<Delivery | undefined> {
  const sent = db.selectFrom('delivery').selectAll().where('account_id', '=', accountId);
  const whole = await sent.where('external_message_id', '=', externalMessageId).executeTakeFirst();
  if (whole || /[%_\s]/.test(externalMessageId)) return whole;
  return sent
    .where((eb) =>
      eb.or(
        [`${externalMessageId} %`, `% ${externalMessageId}`, `% ${externalMessageId} %`].map((parts) =>
          eb('external_message_id', 'like', parts),
        ),
      ),
    )
    .executeTakeFirst();
}

type ToMember = { kind: DeliverySubject; subjectId: string; memberId: string };

const ofPurpose = prepared((db, to: ToMember & { purpose: string }) =>
  db
    .selectFrom('delivery')
    .selectAll()
    .where('subject_kind', '=', to.kind)
    .where('subject_id', '=', to.subjectId)
    .where('purpose', '=', to.purpose)
    .where('member_id', '=', to.memberId),
);

/** The broadcast delivery of a subject to one member, e.g. purpose 'main'. */
export async function findDeliveryOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  purpose: string,
  memberId: string,
): Promise<Delivery | undefined> {
  return (await ofPurpose(db, { kind: subjectKind, subjectId, purpose, memberId }))[0];
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

const allTo = prepared((db, to: ToMember) =>
  db
    .selectFrom('delivery')
    .select(['id', 'purpose', 'external_message_id', 'status', 'content'])
    .where('subject_kind', '=', to.kind)
    .where('subject_id', '=', to.subjectId)
    .where('member_id', '=', to.memberId),
);

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
  const cards = await cardsOf(db, subjectKind, subjectId, memberId);
  return cards.filter(isShown).map((c) => c.id);
}

/** What of a card tells whether its person sees it, or is about to. */
export type Card = Pick<Delivery, 'id' | 'external_message_id' | 'status' | 'content'>;

/** Every card of a subject a member has or is to have. */
export async function cardsOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  memberId: string,
): Promise<(Card & Pick<Delivery, 'purpose'>)[]> {
  return allTo(db, { kind: subjectKind, subjectId, memberId });
}

/** Whether it stands there with its subject's state, which may change. */
export const isShown = ({ content, external_message_id, status }: Card) =>
  content === null && (external_message_id !== null || status === 'sending');

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

/** Whether the person was written to there, to invite them. */
export async function wasInvitedOn(db: Db, channel: ChannelName, memberId: string): Promise<boolean> {
  const key = `invitation:${channel}:${memberId}`;
  const row = await db.selectFrom('delivery').select('id').where('dedupe_key', '=', key).executeTakeFirst();
  return row !== undefined;
}

/** What the person sees, or is about to see. */
export function shown({ or, eb }: ExpressionBuilder<Schema, 'delivery'>) {
  return or([eb('external_message_id', 'is not', null), eb('status', '=', 'sending')]);
}

export async function changeDelivery(db: Db, id: string, change: Change<'delivery'>): Promise<void> {
  await db.updateTable('delivery').set(change).where('id', '=', id).execute();
}

/** Holds or frees what of a subject still waits, or may wait again after a failed try. */
export async function holdPending(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  held: boolean,
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ held: held ? 1 : 0 })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('status', 'in', ['pending', 'sending'])
    .execute();
}

/** Ends what of a subject still waits. What is being sent meanwhile and fails ends by its composer having nothing to say. */
export async function failPending(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  reason: string,
): Promise<void> {
  const waiting = await waitingOf(db, subjectKind, subjectId);
  await inChunks(waiting, 1000, (ids) =>
    moveDeliveries(db, ['pending'], (e) => e('id', 'in', ids), { status: 'failed', reason, held: 0 }),
  );
}

/** Ids of what of a subject still waits; the first `limit` of them. */
export async function waitingOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  limit?: number,
): Promise<string[]> {
  const query = db
    .selectFrom('delivery')
    .select('id')
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where('status', '=', 'pending');
  return (await (limit === undefined ? query : query.limit(limit)).execute()).map((r) => r.id);
}

/** Deliveries of which it is not known whether they arrived, made pending again; those confirmed did arrive. Returns their ids. */
export async function resetUnknown(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
): Promise<string[]> {
  const rows = await moveDeliveries(
    db,
    ['unknown'],
    (e) =>
      e.and([
        e.and({ subject_kind: subjectKind, subject_id: subjectId, purpose: 'main' }),
        e('confirmed_at', 'is', null),
      ]),
    { status: 'pending', reason: null, attempts: 0, ...atOnce },
  );
  return rows.map((r) => r.id);
}
