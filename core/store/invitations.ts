import type { Change, Db, NewRow, Row } from './schema.ts';

export type Invitation = Row<'invitation'>;

export async function insertInvitation(db: Db, invitation: NewRow<'invitation'>): Promise<void> {
  await db.insertInto('invitation').values(invitation).execute();
}

export async function findInvitation(db: Db, id: string): Promise<Invitation | undefined> {
  return db.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findInvitationByCode(db: Db, code: string): Promise<Invitation | undefined> {
  return db.selectFrom('invitation').selectAll().where('code', '=', code).executeTakeFirst();
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
