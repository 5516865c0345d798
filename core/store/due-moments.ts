import type { Db, NewRow, Row } from './schema.ts';
import type { DueKind } from './tables/flow.ts';

export type DueMoment = Row<'due_moment'>;

export async function insertDueMoment(db: Db, moment: NewRow<'due_moment'>): Promise<void> {
  await db.insertInto('due_moment').values(moment).execute();
}

/** The moment when it is due, not done and not held. */
export async function findOpenMoment(db: Db, id: string, now: number): Promise<DueMoment | undefined> {
  return db
    .selectFrom('due_moment')
    .selectAll()
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .where('at', '<=', now)
    .where('held', '=', 0)
    .executeTakeFirst();
}

/** Marks the moment as done and returns it, or nothing when it is done, held, unknown or not due yet: whoever gets it does it. */
export async function takeDueMoment(db: Db, id: string, now: number): Promise<DueMoment | undefined> {
  return db
    .updateTable('due_moment')
    .set({ done_at: now })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .where('at', '<=', now)
    .where('held', '=', 0)
    .returningAll()
    .executeTakeFirst();
}

/** Open moments up to `until`, earliest first. */
export async function openDueMoments(
  db: Db,
  until: number,
  limit: number,
): Promise<Pick<DueMoment, 'id' | 'at'>[]> {
  return db
    .selectFrom('due_moment')
    .select(['id', 'at'])
    .where('done_at', 'is', null)
    .where('at', '<=', until)
    .where('held', '=', 0)
    .orderBy('at')
    .limit(limit)
    .execute();
}

/** How many moments of this kind are over for a subject, and when the last of them was done. */
export async function doneMoments(
  db: Db,
  subjectId: string,
  kind: DueKind,
): Promise<{ count: number; last: number | null }> {
  const { n, last } = await db
    .selectFrom('due_moment')
    .select((e) => [e.fn.countAll<number>().as('n'), e.fn.max('done_at').as('last')])
    .where('subject_id', '=', subjectId)
    .where('kind', '=', kind)
    .where('done_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return { count: n, last };
}

/** What is still to come for a subject: for showing when it leaves or reminds. */
export async function openMomentsOf(db: Db, subjectId: string): Promise<DueMoment[]> {
  return db
    .selectFrom('due_moment')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('done_at', 'is', null)
    .orderBy('at')
    .execute();
}

/** Forgets what was still to come for a subject (it was stopped, closed or rescheduled). */
export async function dropOpenMoments(db: Db, subjectId: string): Promise<void> {
  await db
    .deleteFrom('due_moment')
    .where('subject_id', '=', subjectId)
    .where('done_at', 'is', null)
    .execute();
}
