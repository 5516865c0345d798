import { sql } from 'kysely';
import type { Db, NewRow, Row } from './schema.ts';
import type { DeliverySubject } from './tables/flow.ts';

export type Restoration = Row<'restoration'>;

/** The reason of a pending delivery a restoration holds: a key under delivery.json "reason". */
export const restored = 'restored';

export async function insertRestoration(db: Db, restoration: NewRow<'restoration'>): Promise<void> {
  await db.insertInto('restoration').values(restoration).execute();
}

/** The last restoration, while staff have not decided what becomes of what waited. */
export async function openRestoration(db: Db): Promise<Restoration | undefined> {
  return db
    .selectFrom('restoration')
    .selectAll()
    .where('settled_at', 'is', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Ends every open restoration; false when somebody was faster. */
export async function closeRestorations(
  db: Db,
  change: { settled_at: number; sent: 0 | 1 },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('restoration')
    .set(change)
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}

/** Keeps everything that waits from leaving, and everything due by `now` from being done. */
export async function holdEverything(db: Db, now: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ held: 1, reason: restored })
    // A literal, not a bound value: only then does SQLite use the partial index.
    .where('status', '=', sql.lit('pending'))
    .where('held', '=', 0)
    .execute();
  await db
    .updateTable('due_moment')
    .set({ held: 1 })
    .where('done_at', 'is', null)
    .where('at', '<=', now)
    .where('kind', '!=', 'simulate')
    .execute();
  await db.updateTable('restoration').set({ held_at: now }).where('held_at', 'is', null).execute();
}

/** Lets go what a restoration holds; what staff paused meanwhile stays with their pause. */
export async function freeEverything(db: Db): Promise<void> {
  const paused = (table: 'announcement' | 'poll') =>
    db.selectFrom(table).select('id').where('status', '=', 'paused');
  await db
    .updateTable('delivery')
    .set({ held: 0 })
    .where('status', '=', sql.lit('pending'))
    .where('reason', '=', restored)
    .where('subject_id', 'not in', paused('announcement'))
    .where('subject_id', 'not in', paused('poll'))
    .execute();
  await db
    .updateTable('delivery')
    .set({ reason: null })
    .where('status', '=', sql.lit('pending'))
    .where('reason', '=', restored)
    .execute();
  await db.updateTable('due_moment').set({ held: 0 }).where('held', '=', 1).execute();
}

export interface HeldSubject {
  readonly kind: DeliverySubject;
  readonly id: string;
  readonly messages: number;
}

/** How many messages a restoration holds, by what they are about; all that is said to single people is one. */
export async function heldMessages(db: Db): Promise<HeldSubject[]> {
  const rows = await db
    .selectFrom('delivery')
    .select((e) => ['subject_kind', 'subject_id', e.fn.countAll<number>().as('n')])
    .where('status', '=', sql.lit('pending'))
    .where('reason', '=', restored)
    .groupBy(['subject_kind', 'subject_id'])
    .orderBy('subject_kind')
    .orderBy('subject_id')
    .execute();
  return rows.map((r) => ({ kind: r.subject_kind, id: r.subject_id, messages: Number(r.n) }));
}

export async function heldMoments(db: Db): Promise<Row<'due_moment'>[]> {
  return db
    .selectFrom('due_moment')
    .selectAll()
    .where('held', '=', 1)
    .where('done_at', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** Writes down that nothing comes of what is held any more. */
export async function dropHeldMoments(db: Db, now: number): Promise<void> {
  await db
    .updateTable('due_moment')
    .set({ held: 0, done_at: now })
    .where('held', '=', 1)
    .where('done_at', 'is', null)
    .execute();
}

/** This network lives elsewhere now, or null. */
export async function movedTo(db: Db): Promise<Row<'moved'> | undefined> {
  return db.selectFrom('moved').selectAll().executeTakeFirst();
}

export async function markMoved(db: Db, at: number, target: string): Promise<void> {
  await db.insertInto('moved').values({ id: 'moved', at, target }).execute();
}

export async function unmarkMoved(db: Db): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('moved').executeTakeFirst();
  return numDeletedRows > 0;
}

/** More than a conversation in the web chat ever grows by between a backup and its restoration. */
const positionsAhead = 1_000_000;

/**
 * What must not come back with a restored network goes: who was signed in, which processes worked, backups never ended. And
 * what comes now is newer than anything a browser left open has seen of the network's later self.
 */
export async function clearPassing(db: Db): Promise<void> {
  await db.deleteFrom('session').execute();
  await db.deleteFrom('sign_in_link').execute();
  await db.deleteFrom('lease').execute();
  await db.deleteFrom('process').execute();
  await db.deleteFrom('backup').where('ended_at', 'is', null).execute();
  await db
    .updateTable('webchat_message')
    .set({ position: sql`position + ${sql.lit(positionsAhead)}` })
    .execute();
}
