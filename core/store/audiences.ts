import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Audience } from '../audiences/audience.ts';
import { inChunks } from './chunks.ts';
import type { Db, Row, Schema } from './schema.ts';

type Filter = Omit<Audience, 'except'>;

export type AudienceMember = Pick<Row<'member'>, 'id' | 'status' | 'ways'>;

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
  let query = db
    .selectFrom('member')
    .select(['member.id', 'member.status', 'member.ways'])
    .where(belongs(audience, lookedUp))
    .where('member.id', '>', after)
    .orderBy('member.id')
    .limit(limit);
  if (knownAt !== undefined) query = query.where('member.created_at', '<=', knownAt);
  return query.execute();
}

export async function countAudience(db: Db, audience: Audience): Promise<number> {
  const { n } = await db
    .selectFrom('member')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where(belongs(audience, listed))
    .executeTakeFirstOrThrow();
  return n;
}

/** How many of an audience are to be written to in each of these ways: all that core/deliveries/reach.ts asks of a member. */
export async function waysOfAudience(
  db: Db,
  audience: Audience,
): Promise<(Pick<Row<'member'>, 'status' | 'ways'> & { n: number })[]> {
  // By company first, as the index stands: a million members are counted as they are read, and only the sums are sorted.
  const inCompanies = db
    .selectFrom('member')
    .select(['status', 'ways'])
    .select((e) => e.fn.countAll<number>().as('people'))
    .where(belongs(audience, listed))
    .groupBy(['company_id', 'status', 'ways']);
  return db
    .selectFrom(inCompanies.as('counted'))
    .select(['status', 'ways'])
    .select((e) => e.fn.sum<number>('people').as('n'))
    .groupBy(['status', 'ways'])
    .orderBy('status')
    .orderBy('ways')
    .execute();
}

/** How many companies have anybody in an audience. */
export async function countCompanies(db: Db, audience: Audience): Promise<number> {
  const { n } = await db
    .selectFrom('company')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('member')
          .select('member.company_id')
          .whereRef('member.company_id', '=', 'company.id')
          .where(belongs(audience, atHand)),
      ),
    )
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

/** Of a member's company, a condition on `company` holds. How that is asked decides what is read. */
type OfCompany = (condition: Expression<SqlBool>) => Expression<SqlBool>;

/** For members read one after another: each one's company is looked up. */
const lookedUp: OfCompany = (condition) =>
  sql`exists (select 1 from company where company.id = member.company_id and ${condition})`;

/** For counting: the companies are listed first, and their members found by them. */
const listed: OfCompany = (condition) =>
  sql`member.company_id in (select company.id from company where ${condition})`;

/** For a query that has the company at hand. */
const atHand: OfCompany = (condition) => condition;

const e = expressionBuilder<Schema, 'member' | 'company'>();

function belongs({ except, ...filter }: Audience, ofCompany: OfCompany): Expression<SqlBool> {
  return e.and([
    ...narrowings(filter, ofCompany),
    e('member.status', '!=', 'erased'),
    e.or([e('member.status', '!=', 'listed'), e('member.role', '=', 'member')]),
    // Nobody without a company is of one: what is not known is not true.
    ...(except && narrows(except)
      ? [sql<SqlBool>`case when ${e.and(narrowings(except, ofCompany))} then 0 else 1 end = 1`]
      : []),
  ]);
}

function narrowings(filter: Filter, ofCompany: OfCompany): Expression<SqlBool>[] {
  const { branches = [], companies = [], roles = [], languages = [], members = [], tags = [] } = filter;
  return [
    ...(branches.length > 0 ? [ofCompany(e('company.branch_id', 'in', branches))] : []),
    ...(companies.length > 0 ? [e('member.company_id', 'in', companies)] : []),
    ...(roles.length > 0 ? [e('member.role', 'in', roles)] : []),
    ...(languages.length > 0 ? [e('member.language', 'in', languages)] : []),
    ...(members.length > 0 ? [e('member.id', 'in', members)] : []),
    ...(tags.length > 0 ? [e.or([...tagged('member', tags), ofCompany(e.or(tagged('company', tags)))])] : []),
  ];
}

/** Tags are a JSON array of strings: a tag is in it when its JSON is. Without LIKE, whose case and escapes differ by database. */
function tagged(table: 'member' | 'company', tags: readonly string[]): Expression<SqlBool>[] {
  const column = sql.ref(`${table}.tags`);
  return tags.map((tag) => sql<SqlBool>`replace(${column}, ${JSON.stringify(tag)}, '') <> ${column}`);
}

function narrows(filter: Filter): boolean {
  return Object.values(filter).some((list) => list !== undefined && list.length > 0);
}
