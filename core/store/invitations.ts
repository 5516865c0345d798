import { sql } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Invitation = Row<'invitation'>;

export async function insertInvitation(db: Db, invitation: NewRow<'invitation'>): Promise<void> {
  await db.insertInto('invitation').values(invitation).execute();
}

export async function findInvitation(db: Db, id: string): Promise<Invitation | undefined> {
  return db.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function invitationsByIds(db: Db, ids: readonly string[]): Promise<Invitation[]> {
  return inChunks(ids, 500, (chunk) =>
    db.selectFrom('invitation').selectAll().where('id', 'in', chunk).execute(),
  );
}

export async function findInvitationByCode(db: Db, code: string): Promise<Invitation | undefined> {
  return db.selectFrom('invitation').selectAll().where('code', '=', code).executeTakeFirst();
}

/** Holds the invitation until the transaction ends: of those who use it at once each finds what the one before left. */
export async function lockInvitation(db: Db, code: string): Promise<void> {
  await db
    .updateTable('invitation')
    .set({ joined_count: sql`joined_count` })
    .where('code', '=', code)
    .execute();
}

/** The network's open link: the newest one not revoked. */
export async function findNetworkInvitation(db: Db): Promise<Invitation | undefined> {
  return db
    .selectFrom('invitation')
    .selectAll()
    .where('kind', '=', 'network')
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function changeInvitation(db: Db, id: string, change: Change<'invitation'>): Promise<void> {
  await db.updateTable('invitation').set(change).where('id', '=', id).execute();
}

export interface InvitationFilter {
  readonly kind?: Invitation['kind'];
  readonly companyId?: string;
  readonly memberId?: string;
}

/** The newest first, from behind the id `before` when given; link codes are left out. */
export async function newestInvitations(
  db: Db,
  { kind, companyId, memberId }: InvitationFilter,
  before: string | undefined,
  limit: number,
): Promise<Invitation[]> {
  let query = db.selectFrom('invitation').selectAll().where('kind', '!=', 'link');
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (companyId !== undefined) query = query.where('company_id', '=', companyId);
  if (memberId !== undefined) query = query.where('member_id', '=', memberId);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** The person's link codes, used and unused. */
export async function deleteLinkCodes(db: Db, memberId: string): Promise<void> {
  await db.deleteFrom('invitation').where('kind', '=', 'link').where('member_id', '=', memberId).execute();
}

/** Nobody joins any more as this person with what was made for them and not used yet. */
export async function revokeOpenInvitations(db: Db, memberId: string, now: number): Promise<void> {
  await db
    .updateTable('invitation')
    .set({ revoked_at: now })
    .where('kind', '=', 'personal')
    .where('member_id', '=', memberId)
    .where('joined_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
}
