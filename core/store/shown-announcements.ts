import type { Delivery } from './deliveries.ts';
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

/** The main deliveries, newest first, of what this member was asked to confirm and has not; what has not left is left out. */
export async function unconfirmedFor(db: Db, memberId: string, limit: number): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('announcement as a', 'a.id', 'delivery.subject_id')
    .selectAll('delivery')
    .where('delivery.member_id', '=', memberId)
    .where('delivery.subject_kind', '=', 'announcement')
    .where('delivery.purpose', '=', 'main')
    .where('delivery.status', 'not in', ['pending', 'failed'])
    .where('delivery.confirmed_at', 'is', null)
    .where('a.confirm', '=', 1)
    .where('a.status', '!=', 'stopped')
    .orderBy('a.send_at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit)
    .execute();
}
