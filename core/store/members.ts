import { inChunks } from './chunks.ts';
import type { Db, Row } from './schema.ts';

export type Member = Row<'member'>;

export async function findMember(db: Db, id: string): Promise<Member | undefined> {
  return db.selectFrom('member').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function membersByIds(db: Db, ids: readonly string[]): Promise<Member[]> {
  return inChunks(ids, 500, (chunk) =>
    db.selectFrom('member').selectAll().where('id', 'in', chunk).execute(),
  );
}
