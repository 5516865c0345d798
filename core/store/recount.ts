import { type RawBuilder, sql } from 'kysely';
import type { Db } from './schema.ts';
import type { Part, SubjectCountTable } from './tables/counts.ts';

export type CountedSubject = Pick<SubjectCountTable, 'subject_kind' | 'subject_id'>;

/**
 * Counts a subject anew from its deliveries, replies and ballots: after people were taken out of it altogether, and to prove
 * that what is kept is what there is.
 */
export async function recount(db: Db, subject: CountedSubject): Promise<void> {
  const { subject_kind: kind, subject_id: id } = subject;
  await db
    .deleteFrom('subject_count')
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .execute();
  for (const part of ['all', 'branch', 'company', 'language', 'channel'] as const) {
    await countPart(db, subject, part);
  }
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, unreachable)
    select subject_kind, subject_id, 'reason', coalesce(reason, 'noAccount'), 0, count(*)
    from delivery where subject_kind = ${kind} and subject_id = ${id} and purpose = 'main'
      and language is not null and status = 'unreachable'
    group by subject_kind, subject_id, coalesce(reason, 'noAccount')`.execute(db);
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, replies)
    select subject_kind, subject_id, 'all', '', 0, count(*) from reply
    where subject_kind = ${kind} and subject_id = ${id} and "from" = 'member'
    group by subject_kind, subject_id
    on conflict (subject_kind, subject_id, part, part_id, slot) do update set replies = excluded.replies`.execute(
    db,
  );
  if (kind === 'poll') await countGroupVotes(db, id);
}

const partIds: Readonly<Record<Exclude<Part, 'reason'>, RawBuilder<string>>> = {
  all: sql`''`,
  branch: sql`coalesce(d.branch_id, '')`,
  company: sql`coalesce(d.company_id, '')`,
  language: sql`d.language`,
  channel: sql`case when d.status in ('pending', 'sending') then '' else coalesce(d.channel, '') end`,
};

/** Whose ballots are counted in a part. */
const voters: Readonly<Record<Exclude<Part, 'reason'>, RawBuilder<boolean>>> = {
  all: sql`1 = 1`,
  branch: sql`poll.anonymous = 0`,
  company: sql`poll.anonymous = 0`,
  language: sql`1 = 0`,
  channel: sql`1 = 0`,
};

async function countPart(
  db: Db,
  { subject_kind: kind, subject_id: id }: CountedSubject,
  part: Exclude<Part, 'reason'>,
): Promise<void> {
  const n = (condition: RawBuilder<unknown>) => sql`sum(case when ${condition} then 1 else 0 end)`;
  const asked = sql`d.subject_kind = 'announcement'`;
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, recipients, pending, accepted,
      unknown, unreachable, failed, confirmed, unconfirmed, replied, voted)
    select d.subject_kind, d.subject_id, ${sql.lit(part)}, d.part_id, 0, count(*),
      ${n(sql`d.status in ('pending', 'sending')`)},
      ${n(sql`d.status = 'accepted'`)},
      ${n(sql`d.status = 'unknown'`)},
      ${n(sql`d.status = 'unreachable'`)},
      ${n(sql`d.status = 'failed'`)},
      ${n(sql`${asked} and d.confirmed_at is not null`)},
      ${n(sql`${asked} and d.confirmed_at is null and d.status in ('accepted', 'unknown')`)},
      ${n(sql`exists (select 1 from reply r where r.subject_kind = d.subject_kind
        and r.subject_id = d.subject_id and r.member_id = d.member_id and r."from" = 'member')`)},
      ${n(sql`exists (select 1 from ballot join poll on poll.id = ballot.poll_id
        where ballot.poll_id = d.subject_id and ballot.member_id = d.member_id and ${voters[part]})`)}
    from (select d.*, ${partIds[part]} as part_id from delivery d
      where d.subject_kind = ${kind} and d.subject_id = ${id} and d.purpose = 'main' and d.language is not null) d
    group by d.subject_kind, d.subject_id, d.part_id`.execute(db);
}

async function countGroupVotes(db: Db, pollId: string): Promise<void> {
  await db.deleteFrom('poll_group_vote').where('poll_id', '=', pollId).execute();
  for (const part of ['branch', 'company'] as const) {
    const place = sql`coalesce(${sql.ref(`d.${part}_id`)}, '')`;
    await sql`
      insert into poll_group_vote (poll_id, part, part_id, position, votes)
      select b.poll_id, ${sql.lit(part)}, ${place}, o.position, count(*)
      from ballot b
      join delivery d on d.subject_kind = 'poll' and d.subject_id = b.poll_id and d.purpose = 'main'
        and d.member_id = b.member_id
      join poll_option o on o.poll_id = b.poll_id
      where b.poll_id = ${pollId} and b.options is not null
        and replace(replace(b.options, '[', ','), ']', ',') like '%,' || cast(o.position as text) || ',%'
      group by b.poll_id, ${place}, o.position`.execute(db);
  }
}
