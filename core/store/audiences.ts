import { sql } from 'kysely';
import type { Audience } from '../audiences/audience.ts';
import { inChunks } from './chunks.ts';
import type { Db, Row } from './schema.ts';

type Filter = Omit<Audience, 'except'>;
type MemberQuery = ReturnType<typeof membersWithCompany>;

export type AudienceMember = Pick<Row<'member'>, 'id' | 'status' | 'language' | 'company_id'>;

export interface AudiencePage {
  /** Members whose id sorts behind this one; '' = from the beginning. */
  readonly after: string;
  readonly limit: number;
  /** Only those known at this moment. */
  readonly knownAt?: number;
}

/**
 * The people an audience means now, whoever can be reached or not, in pages by id. Never those who were erased, nor staff who
 * only use the console: they would stand in every report as people nobody can reach.
 */
export async function membersOfAudience(
  db: Db,
  audience: Audience,
  { after, limit, knownAt }: AudiencePage,
): Promise<AudienceMember[]> {
  let query = matching(db, audience)
    .select(['member.id', 'member.status', 'member.language', 'member.company_id'])
    .where('member.id', '>', after)
    .orderBy('member.id')
    .limit(limit);
  if (knownAt !== undefined) query = query.where('member.created_at', '<=', knownAt);
  return query.execute();
}

export async function countAudience(db: Db, audience: Audience): Promise<number> {
  const { n } = await matching(db, audience)
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

/** Which of these ids no row of the table has. */
export async function unknownIds(
  db: Db,
  table: 'branch' | 'company' | 'member',
  ids: readonly string[],
): Promise<string[]> {
  const found = await inChunks(ids, 500, (chunk) =>
    db.selectFrom(table).select('id').where('id', 'in', chunk).execute(),
  );
  const known = new Set(found.map((r) => r.id));
  return ids.filter((id) => !known.has(id));
}

function matching(db: Db, { except, ...filter }: Audience) {
  const query = narrowed(membersWithCompany(db), filter)
    .where('member.status', '!=', 'erased')
    .where(({ or, eb }) => or([eb('member.status', '!=', 'listed'), eb('member.role', '=', 'member')]));
  if (!except || !narrows(except)) return query;
  return query.where('member.id', 'not in', narrowed(membersWithCompany(db), except).select('member.id'));
}

function membersWithCompany(db: Db) {
  return db.selectFrom('member').leftJoin('company', 'company.id', 'member.company_id');
}

function narrowed(query: MemberQuery, filter: Filter): MemberQuery {
  let q = query;
  if (filter.branches?.length) q = q.where('company.branch_id', 'in', filter.branches);
  if (filter.companies?.length) q = q.where('member.company_id', 'in', filter.companies);
  if (filter.roles?.length) q = q.where('member.role', 'in', filter.roles);
  if (filter.languages?.length) q = q.where('member.language', 'in', filter.languages);
  if (filter.members?.length) q = q.where('member.id', 'in', filter.members);
  const tags = filter.tags ?? [];
  if (tags.length)
    q = q.where(({ or }) => or(tags.flatMap((tag) => [tagged('member', tag), tagged('company', tag)])));
  return q;
}

/** Tags are a JSON array of strings: a tag is in it when its JSON is. Without LIKE, whose case and escapes differ by database. */
function tagged(table: 'member' | 'company', tag: string) {
  const column = sql.ref(`${table}.tags`);
  return sql<boolean>`replace(${column}, ${JSON.stringify(tag)}, '') <> ${column}`;
}

function narrows(filter: Filter): boolean {
  return Object.values(filter).some((list) => list !== undefined && list.length > 0);
}
