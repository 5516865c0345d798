import { type Expression, type SqlBool, sql } from 'kysely';
import type { Audience } from '../audiences/audience.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { UnreachableReason } from '../deliveries/reach.ts';
import { inChunks } from './chunks.ts';
import type { Db, Row } from './schema.ts';

type Filter = Omit<Audience, 'except'>;
type Members = Parameters<
  Extract<Parameters<ReturnType<typeof membersWithCompany>['where']>[0], (...args: never[]) => unknown>
>[0];

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

/** How many of an audience would be written to on each of these messengers now, and how many cannot be and why. */
export async function placesOfAudience(
  db: Db,
  audience: Audience,
  channels: readonly ChannelName[],
): Promise<{ place: ChannelName | UnreachableReason; n: number }[]> {
  return matching(db, audience)
    .select((e) => [place(channels).as('place'), e.fn.countAll<number>().as('n')])
    .groupBy('place')
    .orderBy('place')
    .execute();
}

/** What core/deliveries/reach.ts says of a member, for a million at once. */
function place(channels: readonly ChannelName[]) {
  const accounts = sql`from account where account.member_id = member.id`;
  const on = sql.join(channels.length > 0 ? channels.map((c) => sql.lit(c)) : [sql.lit('')]);
  return sql<ChannelName | UnreachableReason>`case member.status
    when 'stopped' then 'stopped' when 'erased' then 'erased' when 'listed' then 'notJoined'
    else coalesce(
      (select account.channel ${accounts} and account.status = 'open' and account.channel in (${on})
        order by account.last_used_at desc, account.id desc limit 1),
      case when exists (select 1 ${accounts} and account.status = 'open') then 'channelOff'
        when exists (select 1 ${accounts}) then 'blocked' else 'noAccount' end)
    end`;
}

/** Whether anybody of an audience would be written to now. */
export async function anybodyReachable(
  db: Db,
  audience: Audience,
  channels: readonly ChannelName[],
): Promise<boolean> {
  if (channels.length === 0) return false;
  const query = matching(db, audience).select('member.id').where(place(channels), 'in', channels).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

/** How many companies have anybody in an audience. */
export async function countCompanies(db: Db, audience: Audience): Promise<number> {
  const { n } = await matching(db, audience)
    .select((e) => e.fn.count<number>('member.company_id').distinct().as('n'))
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
  const query = membersWithCompany(db)
    .where((e) => e.and(narrowings(e, filter)))
    .where('member.status', '!=', 'erased')
    .where(({ or, eb }) => or([eb('member.status', '!=', 'listed'), eb('member.role', '=', 'member')]));
  if (!except || !narrows(except)) return query;
  // Nobody without a company is of one: what is not known is not true.
  return query.where((e) => sql<boolean>`case when ${e.and(narrowings(e, except))} then 0 else 1 end = 1`);
}

function membersWithCompany(db: Db) {
  return db.selectFrom('member').leftJoin('company', 'company.id', 'member.company_id');
}

function narrowings(e: Members, filter: Filter): Expression<SqlBool>[] {
  const { branches = [], companies = [], roles = [], languages = [], members = [], tags = [] } = filter;
  return [
    ...(branches.length > 0 ? [e('company.branch_id', 'in', branches)] : []),
    ...(companies.length > 0 ? [e('member.company_id', 'in', companies)] : []),
    ...(roles.length > 0 ? [e('member.role', 'in', roles)] : []),
    ...(languages.length > 0 ? [e('member.language', 'in', languages)] : []),
    ...(members.length > 0 ? [e('member.id', 'in', members)] : []),
    ...(tags.length > 0
      ? [e.or(tags.flatMap((tag) => [tagged('member', tag), tagged('company', tag)]))]
      : []),
  ];
}

/** Tags are a JSON array of strings: a tag is in it when its JSON is. Without LIKE, whose case and escapes differ by database. */
function tagged(table: 'member' | 'company', tag: string) {
  const column = sql.ref(`${table}.tags`);
  return sql<boolean>`replace(${column}, ${JSON.stringify(tag)}, '') <> ${column}`;
}

function narrows(filter: Filter): boolean {
  return Object.values(filter).some((list) => list !== undefined && list.length > 0);
}
