import { sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { prepared, preparedIds } from './prepared.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Announcement = Row<'announcement'>;

export async function insertAnnouncement(db: Db, row: NewRow<'announcement'>): Promise<void> {
  await db.insertInto('announcement').values(row).execute();
}

const byId = prepared((db, { id }: { id: string }) =>
  db.selectFrom('announcement').selectAll().where('id', '=', id),
);

export async function findAnnouncement(db: Db, id: string): Promise<Announcement | undefined> {
  return (await byId(db, { id }))[0];
}

export async function announcementsByIds(db: Db, ids: readonly string[]): Promise<Announcement[]> {
  return byIds(db, ids);
}

const byIds = preparedIds((db, ids) => db.selectFrom('announcement').selectAll().where('id', 'in', ids));

/** Reads the row and keeps others from changing it until this transaction ends (an update of nothing: on SQLite too). */
export async function lockAnnouncement(db: Db, id: string): Promise<Announcement | undefined> {
  return (await locked(db, { id }))[0];
}

const locked = prepared((db, { id }: { id: string }) =>
  db.updateTable('announcement').set({ revision: sql`revision` }).where('id', '=', id).returningAll(),
);

export async function changeAnnouncement(db: Db, id: string, change: Change<'announcement'>): Promise<void> {
  await db.updateTable('announcement').set(change).where('id', '=', id).execute();
}

/** Newest first; `before` is the last id of the part before. */
export async function newestAnnouncements(
  db: Db,
  before: string | undefined,
  limit: number,
): Promise<Announcement[]> {
  let query = db.selectFrom('announcement').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** Ids of announcements whose sending is over: all recipients written down, nothing pending nor being sent. */
export async function finishedSendings(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('announcement')
    .select('id')
    .where('status', '=', 'sending')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('due_moment')
            .select('due_moment.id')
            .whereRef('due_moment.subject_id', '=', 'announcement.id')
            .where('due_moment.kind', '=', 'announcement.send')
            .where('due_moment.done_at', 'is', null),
        ),
      ),
    )
    // No people left, says the count; no group either.
    .where(({ eb, selectFrom }) =>
      eb(
        selectFrom('subject_count')
          .select((e) => e.fn.coalesce(e.fn.sum<number>('pending'), sql<number>`0`).as('n'))
          .where('subject_count.subject_kind', '=', 'announcement')
          .whereRef('subject_count.subject_id', '=', 'announcement.id')
          .where('subject_count.part', '=', 'all'),
        '=',
        0,
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('delivery')
            .select('delivery.id')
            .where('delivery.subject_kind', '=', 'announcement')
            .whereRef('delivery.subject_id', '=', 'announcement.id')
            .where('delivery.purpose', '=', 'group')
            .where('delivery.status', 'in', ['pending', 'sending']),
        ),
      ),
    )
    .execute();
  return rows.map((r) => r.id);
}

/** True when this call ended the sending; another worker may have been faster, or staff paused it. */
export async function finishSending(db: Db, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('announcement')
    .set({ status: 'sent', finished_at: sql`coalesce(finished_at, ${now})` })
    .where('id', '=', id)
    .where('status', '=', 'sending')
    .executeTakeFirst();
  return numUpdatedRows > 0;
}

/** One recipient of an announcement as the report needs them; `person` columns are empty for an erased one. */
export interface Recipient {
  readonly id: string;
  readonly status: Row<'delivery'>['status'];
  readonly reason: string | null;
  readonly channel: Row<'delivery'>['channel'];
  readonly accepted_at: number | null;
  readonly confirmed_at: number | null;
  readonly member_id: string | null;
  readonly name: string | null;
  readonly language: Row<'member'>['language'] | null;
  readonly company_id: string | null;
  readonly company: string | null;
  readonly branch_id: string | null;
  readonly branch_pl: string | null;
  readonly branch_en: string | null;
}

/** Main deliveries with their people, in pages by member id. */
export async function recipientsOf(
  db: Db,
  announcementId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Recipient[]> {
  return recipients(db, announcementId)
    .where('delivery.member_id', '>', after)
    .orderBy('delivery.member_id')
    .limit(limit)
    .execute();
}

/** Those of whom the way there ended so, who have not confirmed, in pages by member id. */
export async function recipientsLeft(
  db: Db,
  announcementId: string,
  status: 'accepted' | 'unknown' | 'unreachable',
  { after, limit, reason }: { readonly after: string; readonly limit: number; readonly reason?: string },
): Promise<Recipient[]> {
  let query = recipients(db, announcementId)
    .where('delivery.status', '=', sql.lit(status))
    .where('delivery.confirmed_at', 'is', null)
    .where('delivery.member_id', '>', after)
    .orderBy('delivery.member_id')
    .limit(limit);
  if (reason !== undefined) query = query.where('delivery.reason', '=', reason);
  return query.execute();
}

/** The messengers on which those it could not reach are gone. */
export async function channelsGone(db: Db, announcementId: string): Promise<ChannelName[]> {
  const rows = await db
    .selectFrom('account')
    .select('channel')
    .distinct()
    .where('status', '=', 'gone')
    .where('member_id', 'in', (eb) =>
      eb
        .selectFrom('delivery')
        .select('delivery.member_id')
        .where('subject_kind', '=', 'announcement')
        .where('subject_id', '=', announcementId)
        .where('purpose', '=', 'main')
        .where('status', '=', sql.lit('unreachable'))
        .where('reason', '=', 'blocked'),
    )
    .execute();
  return rows.map(({ channel }) => channel);
}

function recipients(db: Db, announcementId: string) {
  return (
    db
      .selectFrom('delivery')
      .leftJoin('member', 'member.id', 'delivery.member_id')
      .leftJoin('company', 'company.id', 'member.company_id')
      .leftJoin('branch', 'branch.id', 'company.branch_id')
      .select([
        'delivery.id',
        'delivery.status',
        'delivery.reason',
        'delivery.channel',
        'delivery.accepted_at',
        'delivery.confirmed_at',
        'delivery.member_id',
        'member.name',
        'member.language',
        'member.company_id',
        'company.name as company',
        'company.branch_id',
        'branch.name_pl as branch_pl',
        'branch.name_en as branch_en',
      ])
      .where('delivery.subject_kind', '=', 'announcement')
      .where('delivery.subject_id', '=', announcementId)
      // A literal, not a bound value, as the status above: only then does SQLite use the partial indexes.
      .where('delivery.purpose', '=', sql.lit('main'))
  );
}

/** Who still takes messages, got it or may have, and has not confirmed; in pages by member id. */
export async function unconfirmedMembers(
  db: Db,
  announcementId: string,
  after: string,
  limit: number,
): Promise<Pick<Row<'member'>, 'id' | 'status' | 'ways'>[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('member', 'member.id', 'delivery.member_id')
    .select(['member.id', 'member.status', 'member.ways'])
    .where('delivery.subject_kind', '=', 'announcement')
    .where('delivery.subject_id', '=', announcementId)
    .where('delivery.purpose', '=', 'main')
    .where('delivery.status', 'in', ['accepted', 'unknown'])
    .where('delivery.confirmed_at', 'is', null)
    .where('member.status', '=', 'active')
    .where('delivery.member_id', '>', after)
    .orderBy('delivery.member_id')
    .limit(limit)
    .execute();
}
