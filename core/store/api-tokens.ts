import type { Db, NewRow, Row } from './schema.ts';

export type ApiToken = Row<'api_token'>;

/** How stale "last used" may be: it is not worth a write at every call. */
const usageGrainMs = 60_000;

export async function insertApiToken(db: Db, token: NewRow<'api_token'>): Promise<void> {
  await db.insertInto('api_token').values(token).execute();
}

/** The token that is valid now, by the SHA-256 of its secret. */
export async function findApiTokenByHash(db: Db, hash: string): Promise<ApiToken | undefined> {
  return db
    .selectFrom('api_token')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

/** All tokens, newest first, revoked ones included. */
export async function listApiTokens(db: Db): Promise<ApiToken[]> {
  return db.selectFrom('api_token').selectAll().orderBy('id', 'desc').execute();
}

export async function touchApiToken(db: Db, token: ApiToken, now: number): Promise<void> {
  if (token.last_used_at !== null && now - token.last_used_at < usageGrainMs) return;
  await db.updateTable('api_token').set({ last_used_at: now }).where('id', '=', token.id).execute();
}

/** False when there is no such token or it was revoked already. */
export async function revokeApiToken(db: Db, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_token')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}
