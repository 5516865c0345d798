import { parked } from './channel-state.ts';
import { inChunks } from './chunks.ts';
import { countReply } from './counts.ts';
import { lockMain, type Moved, moveDeliveries } from './delivery-status.ts';
import type { Db, NewRow, Row } from './schema.ts';

export type Reply = Row<'reply'>;
export type ReplySubject = Reply['subject_kind'];

export async function insertReply(db: Db, reply: NewRow<'reply'>): Promise<void> {
  await db.insertInto('reply').values(reply).execute();
}

/** Keeps what a member wrote, and counts it. */
export async function insertMemberReply(db: Db, reply: NewRow<'reply'>): Promise<void> {
  const { subject_kind, subject_id, member_id } = reply;
  const main = await arrived(db, await lockMain(db, subject_kind, subject_id, member_id), reply.at);
  const before = await countRepliesOf(db, subject_kind, subject_id, [member_id]);
  await insertReply(db, { ...reply, from: 'member' });
  await countReply(db, { subject_kind, subject_id }, main, !before.has(member_id));
}

/** What was of unknown outcome and waits to be sent again: whoever answers it has it. */
async function arrived(db: Db, main: Moved | undefined, at: number): Promise<Moved | undefined> {
  if (main?.status !== 'pending' || main.channel === null || main.reason === parked) return main;
  const change = { status: 'accepted', reason: null, accepted_at: at } as const;
  return (await moveDeliveries(db, ['pending'], (e) => e('id', '=', main.id), change))[0];
}

export async function findReply(db: Db, id: string): Promise<Reply | undefined> {
  return db.selectFrom('reply').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Marks what the member of this exchange wrote up to and with `upTo` as handled. */
export async function handleReplies(db: Db, upTo: Reply, now: number): Promise<void> {
  await db
    .updateTable('reply')
    .set({ handled_at: now })
    .where('subject_kind', '=', upTo.subject_kind)
    .where('subject_id', '=', upTo.subject_id)
    .where('member_id', '=', upTo.member_id)
    .where('from', '=', 'member')
    .where('handled_at', 'is', null)
    .where('id', '<=', upTo.id)
    .execute();
}

/** A member's reply with who wrote it and under what. */
export interface ReplyRow extends Reply {
  readonly member_name: string;
  readonly company_id: string | null;
  readonly company: string | null;
}

export interface ReplyFilter {
  /** Only those staff has not handled. */
  readonly open?: boolean;
  readonly subject?: { readonly kind: ReplySubject; readonly id: string };
  /** Ids before this one. */
  readonly before?: string;
  readonly limit: number;
}

/** What members wrote, newest first. */
export async function memberReplies(
  db: Db,
  { open, subject, before, limit }: ReplyFilter,
): Promise<ReplyRow[]> {
  let query = db
    .selectFrom('reply')
    .innerJoin('member', 'member.id', 'reply.member_id')
    .leftJoin('company', 'company.id', 'member.company_id')
    .selectAll('reply')
    .select(['member.name as member_name', 'member.company_id', 'company.name as company'])
    .where('reply.from', '=', 'member')
    .orderBy('reply.id', 'desc')
    .limit(limit);
  if (open) query = query.where('reply.handled_at', 'is', null);
  if (before !== undefined) query = query.where('reply.id', '<', before);
  if (subject) {
    query = query.where('reply.subject_kind', '=', subject.kind).where('reply.subject_id', '=', subject.id);
  }
  return query.execute();
}

/** What staff wrote in these exchanges, oldest first. */
export async function staffReplies(
  db: Db,
  subjectIds: readonly string[],
  memberIds: readonly string[],
): Promise<Reply[]> {
  if (subjectIds.length === 0) return [];
  return inChunks([...new Set(memberIds)], 500, (chunk) =>
    db
      .selectFrom('reply')
      .selectAll()
      .where('from', '=', 'staff')
      .where('subject_id', 'in', [...new Set(subjectIds)])
      .where('member_id', 'in', chunk)
      .orderBy('id')
      .execute(),
  );
}

/** How many replies each of these members wrote under a subject; those who wrote none are absent. */
export async function countRepliesOf(
  db: Db,
  subjectKind: ReplySubject,
  subjectId: string,
  memberIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await inChunks(memberIds, 500, (chunk) =>
    db
      .selectFrom('reply')
      .select((e) => ['member_id', e.fn.countAll<number>().as('n')])
      .where('subject_kind', '=', subjectKind)
      .where('subject_id', '=', subjectId)
      .where('member_id', 'in', chunk)
      .where('from', '=', 'member')
      .groupBy('member_id')
      .execute(),
  );
  return new Map(rows.map((r) => [r.member_id, r.n]));
}

/** The questions or titles of these subjects. */
export async function subjectTitles(
  db: Db,
  kind: ReplySubject,
  ids: readonly string[],
): Promise<{ id: string; pl: string | null; en: string | null }[]> {
  if (ids.length === 0) return [];
  return kind === 'announcement'
    ? db
        .selectFrom('announcement')
        .select(['id', 'title_pl as pl', 'title_en as en'])
        .where('id', 'in', ids)
        .execute()
    : db
        .selectFrom('poll')
        .select(['id', 'question_pl as pl', 'question_en as en'])
        .where('id', 'in', ids)
        .execute();
}
