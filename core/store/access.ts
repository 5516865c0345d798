import type { Db, NewRow, Row } from './schema.ts';

export async function insertSignInLink(db: Db, link: NewRow<'sign_in_link'>): Promise<void> {
  await db.insertInto('sign_in_link').values(link).execute();
}

export async function findSignInLink(db: Db, id: string): Promise<Row<'sign_in_link'> | undefined> {
  return db.selectFrom('sign_in_link').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Marks the link used; false when it was used before, so that two presses open one session. */
export async function useSignInLink(db: Db, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sign_in_link')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}

/** Whether a link of this person's was ever used, as far as is still known. */
export async function hasSignedIn(db: Db, memberId: string): Promise<boolean> {
  const used = await db
    .selectFrom('sign_in_link')
    .select('id')
    .where('member_id', '=', memberId)
    .where('used_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return used !== undefined;
}

export async function insertSession(db: Db, session: NewRow<'session'>): Promise<void> {
  await db.insertInto('session').values(session).execute();
}

export async function findSessionMember(db: Db, id: string, now: number): Promise<Row<'member'> | undefined> {
  return db
    .selectFrom('session')
    .innerJoin('member', 'member.id', 'session.member_id')
    .selectAll('member')
    .where('session.id', '=', id)
    .where('session.expires_at', '>', now)
    .executeTakeFirst();
}

export async function deleteSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom('session').where('id', '=', id).execute();
}

/** Signs a person out everywhere and voids the links they hold. */
export async function deleteAccessOf(db: Db, memberId: string): Promise<void> {
  await db.deleteFrom('session').where('member_id', '=', memberId).execute();
  await db.deleteFrom('sign_in_link').where('member_id', '=', memberId).execute();
}

export async function deleteExpiredAccess(db: Db, now: number): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', now).execute();
  await db
    .deleteFrom('sign_in_link')
    .where('expires_at', '<=', now - 30 * 86_400_000)
    .execute();
}
