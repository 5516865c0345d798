import type { Db } from './schema.ts';

/** The newest announcements that were meant for this member, with whether they confirmed. */
export async function announcementsFor(db: Db, memberId: string, limit: number) {
  return db
    .selectFrom('delivery as d')
    .innerJoin('announcement as a', 'a.id', 'd.subject_id')
    .select(['a.id', 'a.title_pl', 'a.title_en', 'a.confirm', 'a.send_at', 'd.confirmed_at'])
    .where('d.member_id', '=', memberId)
    .where('d.subject_kind', '=', 'announcement')
    .where('d.purpose', '=', 'main')
    .where('d.status', '!=', 'failed')
    .orderBy('a.send_at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit)
    .execute();
}
