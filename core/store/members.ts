import { sql } from 'kysely';
import { inChunks } from './chunks.ts';
import { countRows } from './count-rows.ts';
import { behind, contains, memberNaming, type NamePlace } from './names.ts';
import { prepared, preparedIds } from './prepared.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Member = Row<'member'>;

const byId = prepared((db, { id }: { id: string }) =>
  db.selectFrom('member').selectAll().where('id', '=', id),
);

export async function findMember(db: Db, id: string): Promise<Member | undefined> {
  return (await byId(db, { id }))[0];
}

/** `email` in lower case, as stored. */
export async function findMemberByEmail(db: Db, email: string): Promise<Member | undefined> {
  return db.selectFrom('member').selectAll().where('email', '=', email).executeTakeFirst();
}

export async function membersByIds(db: Db, ids: readonly string[]): Promise<Member[]> {
  return inChunks(ids, 500, (chunk) =>
    db.selectFrom('member').selectAll().where('id', 'in', chunk).execute(),
  );
}

const languages = preparedIds((db, ids) =>
  db.selectFrom('member').select(['id', 'language']).where('id', 'in', ids),
);

export async function languagesOf(db: Db, ids: readonly string[]): Promise<Map<string, Member['language']>> {
  return new Map((await languages(db, ids)).map((m) => [m.id, m.language]));
}

export interface MemberFilter {
  readonly companyId?: string | undefined;
  readonly role?: Member['role'] | undefined;
  readonly status?: Member['status'] | undefined;
}

/** Everybody on the list, unsorted, but for those who were erased. */
export async function allMembers(db: Db): Promise<Member[]> {
  return db.selectFrom('member').selectAll().where('status', '!=', 'erased').execute();
}

export interface MemberSearch extends MemberFilter {
  /** Folded; all must occur in the person's name, e-mail or tags or in the company's name. */
  readonly words: readonly string[];
  readonly after: NamePlace | null;
  readonly limit: number;
}

/** Who matches, by the Polish alphabet; those who were erased only when asked for by status. */
export async function searchMembers(db: Db, { after, limit, ...wanted }: MemberSearch): Promise<Member[]> {
  let query = matching(db, wanted).orderBy('name_key').orderBy('id').limit(limit);
  if (after) query = query.where(behind(after));
  const found = (await query.execute()).map((m) => m.id);
  const members = new Map((await membersByIds(db, found)).map((m) => [m.id, m]));
  return found.flatMap((id) => members.get(id) ?? []);
}

/** How many match, counted no further than `most`. */
export async function countMembers(
  db: Db,
  { most, ...wanted }: Omit<MemberSearch, 'after' | 'limit'> & { readonly most: number },
): Promise<number> {
  return countRows(db, matching(db, wanted).limit(most));
}

function matching(db: Db, { companyId, role, status, words }: Omit<MemberSearch, 'after' | 'limit'>) {
  let query = db.selectFrom('member').select('id');
  for (const word of words) {
    query = query.where(({ or, eb, selectFrom }) =>
      or([
        contains('search', word),
        eb(
          'company_id',
          'in',
          selectFrom('company').select('company.id').where(contains('name_folded', word)),
        ),
      ]),
    );
  }
  if (companyId !== undefined) query = query.where('company_id', '=', companyId);
  if (role !== undefined) query = query.where('role', '=', role);
  return status === undefined ? query.where('status', '!=', 'erased') : query.where('status', '=', status);
}

/** The last to stop first. */
export async function stoppedSince(db: Db, since: number, limit: number): Promise<Member[]> {
  return db
    .selectFrom('member')
    .selectAll()
    .where('status', '=', 'stopped')
    .where('stopped_at', '>=', since)
    .orderBy('stopped_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Administrators who can sign in, or will once they join. */
export async function countAdministrators(db: Db, except: string): Promise<number> {
  const { n } = await db
    .selectFrom('member')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('role', '=', 'administrator')
    .where('status', '!=', 'erased')
    .where('id', '!=', except)
    .executeTakeFirstOrThrow();
  return n;
}

/** Holds the administrators until the transaction ends: two of them cannot both be the other's successor. */
export async function lockAdministrators(db: Db): Promise<void> {
  await db
    .updateTable('member')
    .set({ revision: sql`revision` })
    .where('role', '=', 'administrator')
    .execute();
}

export async function insertMembers(db: Db, members: readonly NewRow<'member'>[]): Promise<void> {
  await inChunks(members, 500, async (chunk) => {
    const named = chunk.map((m) => ({ ...m, ...memberNaming({ email: null, ...m }) }));
    await db.insertInto('member').values(named).execute();
    return [];
  });
}

/** Changes the person if the row still stands at `revision`; false when somebody was faster. */
export async function changeMember(
  db: Db,
  id: string,
  revision: number,
  change: Change<'member'>,
): Promise<boolean> {
  const changed = await db
    .updateTable('member')
    .set({ ...change, revision: revision + 1 })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .returning(['name', 'email', 'tags'])
    .executeTakeFirst();
  if (changed && ('name' in change || 'email' in change || 'tags' in change)) {
    await db.updateTable('member').set(memberNaming(changed)).where('id', '=', id).execute();
  }
  return changed !== undefined;
}

/** People on the list who have not joined and whose e-mail is known, by name; none of the demo. */
export async function listedWithEmail(db: Db): Promise<(Member & { readonly email: string })[]> {
  return db
    .selectFrom('member')
    .selectAll()
    .where('status', '=', 'listed')
    .where('email', 'is not', null)
    .where('demo', '=', 0)
    .orderBy('name_folded')
    .orderBy('id')
    .$narrowType<{ email: string }>()
    .execute();
}
