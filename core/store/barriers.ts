import { sql } from 'kysely';
import type { Member } from './members.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Barrier = Row<'barrier'>;
export type BarrierMessage = Row<'barrier_message'>;

/** Barriers with who and whence, before anything is withheld. */
export interface BarrierRecord extends Barrier {
  readonly reporter_name: string | null;
  readonly company_name: string | null;
}

export interface BarrierMessageRecord extends BarrierMessage {
  readonly author_name: string | null;
}

/** The next number, held until the transaction ends: two reports at once wait for one another. */
export async function nextBarrierNumber(db: Db): Promise<number> {
  await db.updateTable('network').set({ revision: sql`revision` }).execute();
  const { highest } = await db
    .selectFrom('barrier')
    .select((e) => e.fn.max('number').as('highest'))
    .executeTakeFirstOrThrow();
  return Number(highest ?? 0) + 1;
}

export async function insertBarrier(db: Db, barrier: NewRow<'barrier'>): Promise<void> {
  await db.insertInto('barrier').values(barrier).execute();
}

export async function insertBarrierMessage(db: Db, message: NewRow<'barrier_message'>): Promise<void> {
  await db.insertInto('barrier_message').values(message).execute();
}

/** The barrier, held until the transaction ends. */
export async function lockBarrier(db: Db, id: string): Promise<Barrier | undefined> {
  return db
    .updateTable('barrier')
    .set({ revision: sql`revision` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function changeBarrier(db: Db, id: string, change: Change<'barrier'>): Promise<void> {
  await db.updateTable('barrier').set(change).where('id', '=', id).execute();
}

export async function findBarrierRecord(db: Db, id: string): Promise<BarrierRecord | undefined> {
  return records(db).where('barrier.id', '=', id).executeTakeFirst();
}

export interface BarrierFilter {
  readonly status?: Barrier['status'];
  readonly visibility?: Barrier['visibility'];
  readonly reporterId?: string;
  /** Only numbers below this one. */
  readonly below?: number;
  readonly limit: number;
}

/** Newest first. */
export async function barrierRecords(db: Db, filter: BarrierFilter): Promise<BarrierRecord[]> {
  let query = records(db).orderBy('barrier.number', 'desc').limit(filter.limit);
  if (filter.status) query = query.where('barrier.status', '=', filter.status);
  if (filter.visibility) query = query.where('barrier.visibility', '=', filter.visibility);
  if (filter.reporterId) query = query.where('barrier.reporter_id', '=', filter.reporterId);
  if (filter.below !== undefined) query = query.where('barrier.number', '<', filter.below);
  return query.execute();
}

/** What was said on it, oldest first. */
export async function messagesOfBarrier(db: Db, barrierId: string): Promise<BarrierMessageRecord[]> {
  return db
    .selectFrom('barrier_message')
    .leftJoin('member', 'member.id', 'barrier_message.author_id')
    .selectAll('barrier_message')
    .select('member.name as author_name')
    .where('barrier_id', '=', barrierId)
    .orderBy('at')
    .orderBy('barrier_message.id')
    .execute();
}

/** Staff and administrators who have joined. */
export async function staffMembers(db: Db): Promise<Member[]> {
  return db
    .selectFrom('member')
    .selectAll()
    .where('role', 'in', ['staff', 'administrator'])
    .where('status', '=', 'active')
    .orderBy('id')
    .execute();
}

function records(db: Db) {
  return db
    .selectFrom('barrier')
    .leftJoin('member', 'member.id', 'barrier.reporter_id')
    .leftJoin('company', 'company.id', 'barrier.company_id')
    .selectAll('barrier')
    .select(['member.name as reporter_name', 'company.name as company_name']);
}
