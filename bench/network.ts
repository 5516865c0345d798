import { sql } from 'kysely';
import { nameKey } from '../core/fold.ts';
import { recount } from '../core/store/recount.ts';
import type { Db } from '../core/store/schema.ts';

/** A made network: ten subjects sent to everybody, nine announcements and a poll. */
export interface MadeNetwork {
  readonly members: number;
  readonly subjects: number;
  readonly announcementId: string;
  readonly pollId: string;
}

const hour = 3_600_000;

/** Rows counted 0 … n−1, on both databases. */
const numbers = (n: number) =>
  sql`(with recursive c(i) as (select cast(0 as bigint) union all select i + 1 from c where i + 1 < ${sql.lit(n)}) select i from c) as n`;

/** The id of a kind's i-th row: 26 characters that sort by i. */
const idOf = (kind: string, i = sql`i`) =>
  sql`${sql.lit(`01SCALE0${kind.padEnd(6, '0')}`)} || cast(100000000000 + ${i} as text)`;

const id = (kind: string, i: number) => `01SCALE0${kind.padEnd(6, '0')}${100_000_000_000 + i}`;

/**
 * Fills an empty, migrated and seeded database, the same each time: twenty people a company, of whom 90 % have joined, and
 * of those 92 % can be reached; of the recipients 60 % have confirmed or voted, one in a hundred wrote back.
 */
export async function makeNetwork(
  db: Db,
  members: number,
  subjects: number,
  now: number,
): Promise<MadeNetwork> {
  const companies = Math.max(1, Math.ceil(members / 20));
  const made = { members, subjects, announcementId: id('ANN', 0), pollId: id('POLL', 0) };
  await makeCompanies(db, companies, now);
  await makePeople(db, members, companies, now);
  await makeSubjects(db, subjects - 1, now);
  for (let n = 0; n < subjects; n++) {
    const [kind, subject] = n < subjects - 1 ? ['announcement', id('ANN', n)] : ['poll', made.pollId];
    await makeDeliveries(db, kind as 'announcement' | 'poll', subject ?? '', n, members, now);
  }
  await makeBallots(db, made.pollId, now);
  await makeReplies(db, made.announcementId, members, now);
  await recount(db, { subject_kind: 'announcement', subject_id: made.announcementId });
  await recount(db, { subject_kind: 'poll', subject_id: made.pollId });
  for (let n = 1; n < subjects - 1; n++) await copyCounts(db, made.announcementId, id('ANN', n));
  return made;
}

async function makeCompanies(db: Db, companies: number, now: number): Promise<void> {
  const branches = (await db.selectFrom('branch').select('id').orderBy('position').execute()).map(
    (b) => b.id,
  );
  const branch = sql.join(
    branches.map((b, n) => sql`when ${sql.lit(n)} then ${sql.lit(b)}`),
    sql` `,
  );
  await sql`
    insert into company (id, name, name_folded, name_key, search, branch_id, tags, demo, revision, created_at, updated_at)
    select ${idOf('COM')}, 'Firma f' || (100000 + i), 'firma f' || (100000 + i),
      ${sql.lit(nameKey('Firma f'))} || '006' || (100000 + i), 'firma f' || (100000 + i) || ' []',
      case i % ${sql.lit(branches.length)} ${branch} end, '[]', 0, 1, ${sql.lit(now)}, ${sql.lit(now)}
    from ${numbers(companies)}`.execute(db);
}

async function makePeople(db: Db, members: number, companies: number, now: number): Promise<void> {
  const status = sql`case when i % 20 = 0 then 'listed' when i % 20 = 1 then 'stopped' else 'active' end`;
  // As they follow from the accounts below.
  const current = sql`case when i % 20 = 0 or i % 50 = 7 then null
    when i % 10 in (2, 5) then ${idOf('WEB')} else ${idOf('TEL')} end`;
  const ways = sql`case when i % 20 = 0 then 'noAccount' when i % 50 = 7 then 'blocked'
    when i % 10 = 2 then 'webchat telegram' when i % 10 = 5 then 'webchat' else 'telegram' end`;
  await sql`
    insert into member (id, name, name_folded, name_key, search, email, company_id, role, language, status, consent_at,
      consent_version, demo, simulated, tags, account_id, ways, revision, created_at, updated_at)
    select ${idOf('MEM')}, 'Osoba w' || (1000 + i % 5000) || ' n' || (1000000 + i),
      'osoba w' || (1000 + i % 5000) || ' n' || (1000000 + i),
      ${sql.lit(nameKey('Osoba w'))} || '004' || (1000 + i % 5000) || ' ' || ${sql.lit(nameKey('n'))} || '007' || (1000000 + i),
      'osoba w' || (1000 + i % 5000) || ' n' || (1000000 + i) || ' n' || (1000000 + i) || '@wici.example ["t' || (i % 50) || '"]',
      'n' || (1000000 + i) || '@wici.example', ${idOf('COM', sql`(i * 7919) % ${sql.lit(companies)}`)}, 'member',
      case when i % 4 = 0 then 'en' else 'pl' end, ${status}, ${sql.lit(now - 48 * hour)}, 1, 0, 0,
      '["t' || (i % 50) || '"]', ${current}, ${ways}, 1, ${sql.lit(now - 48 * hour)}, ${sql.lit(now)}
    from ${numbers(members)}`.execute(db);
  for (const [kind, channel, of] of [
    ['TEL', 'telegram', sql`i % 20 > 0 and i % 10 <> 5`],
    ['WEB', 'webchat', sql`i % 20 > 0 and i % 10 in (2, 5)`],
  ] as const) {
    await sql`
      insert into account (id, channel, external_id, member_id, status, language, last_used_at, created_at)
      select ${idOf(kind)}, ${sql.lit(channel)}, 'a' || i, ${idOf('MEM')},
        case when i % 50 = 7 then 'gone' else 'open' end, 'pl', ${sql.lit(now)} - i, ${sql.lit(now - 48 * hour)}
      from ${numbers(members)} where ${of}`.execute(db);
  }
}

async function makeSubjects(db: Db, announcements: number, now: number): Promise<void> {
  await sql`
    insert into announcement (id, title_pl, title_en, text_pl, text_en, audience, confirm, urgent, replies, reminder_count,
      reminder_every_hours, send_at, status, demo, revision, created_at, started_at, finished_at)
    select ${idOf('ANN')}, 'Ogłoszenie', 'Announcement', 'Treść', 'Text', '{}', 1, 1, 1, 0, 24, ${sql.lit(now - 24 * hour)},
      'sent', 0, 1, ${sql.lit(now - 24 * hour)}, ${sql.lit(now - 24 * hour)}, ${sql.lit(now - 20 * hour)}
    from ${numbers(announcements)}`.execute(db);
  await sql`
    insert into poll (id, question_pl, question_en, multiple, anonymous, show_results, audience, urgent, opens_at, closes_at,
      reminder_count, reminder_every_hours, status, demo, revision, created_at)
    values (${id('POLL', 0)}, 'Pytanie', 'Question', 0, 0, 'afterVote', '{}', 1, ${now - 24 * hour}, ${now + 24 * hour},
      0, 24, 'open', 0, 1, ${now - 24 * hour})`.execute(db);
  await sql`
    insert into poll_option (poll_id, position, label_pl, label_en, votes)
    select ${id('POLL', 0)}, i, 'Odpowiedź ' || i, 'Answer ' || i, 0 from ${numbers(5)}`.execute(db);
}

async function makeDeliveries(
  db: Db,
  kind: 'announcement' | 'poll',
  subject: string,
  n: number,
  members: number,
  now: number,
): Promise<void> {
  const reason = sql`case when i % 20 = 0 then 'notJoined' when i % 20 = 1 then 'stopped' when i % 50 = 7 then 'blocked' end`;
  const reached = sql`(i % 20 > 1 and i % 50 <> 7)`;
  const at = sql.lit(now - 24 * hour);
  await sql`
    insert into delivery (id, token, member_id, account_id, subject_kind, subject_id, purpose, dedupe_key, lane, status,
      reason, not_before, attempts, channel, external_message_id, created_at, accepted_at, confirmed_at,
      company_id, branch_id, language)
    select ${idOf(`D${100 + n}`)}, ${sql.lit(`t${1000 + n}`)} || cast(100000000000 + (i * 7919) % ${sql.lit(members)} as text),
      member.id, case when i % 20 > 0 then case when i % 10 <> 5 then ${idOf('TEL')} else ${idOf('WEB')} end end, ${sql.lit(kind)}, ${sql.lit(subject)}, 'main',
      ${sql.lit(`${kind}:${subject}:main:`)} || member.id, 'broadcast',
      case when ${reached} then case when i % 1000 = 13 then 'unknown' else 'accepted' end else 'unreachable' end,
      case when i % 1000 = 13 and ${reached} then 'noAnswer' else ${reason} end, ${at}, 1,
      case when ${reached} then 'telegram' end, case when ${reached} then cast(i as text) end, ${at},
      case when ${reached} then ${at} + i end,
      case when ${reached} and i % 1000 <> 13 and i % 5 < 3 then ${at} + 2 * i end,
      member.company_id, company.branch_id, member.language
    from ${numbers(members)} join member on member.id = ${idOf('MEM')} left join company on company.id = member.company_id`.execute(
    db,
  );
}

async function makeBallots(db: Db, pollId: string, now: number): Promise<void> {
  await sql`
    insert into ballot (poll_id, member_id, options, voted_at)
    select subject_id, member_id, '[' || (accepted_at / 7) % 5 || ']', ${sql.lit(now)}
    from delivery where subject_kind = 'poll' and subject_id = ${pollId} and confirmed_at is not null`.execute(
    db,
  );
  await sql`
    update poll_option set votes = (select count(*) from ballot
      where ballot.poll_id = poll_option.poll_id and ballot.options = '[' || poll_option.position || ']')`.execute(
    db,
  );
}

/** One in a hundred wrote back under the first announcement; the last hundred are still to be answered. */
async function makeReplies(db: Db, subject: string, members: number, now: number): Promise<void> {
  const replies = Math.ceil(members / 100);
  await sql`
    insert into reply (id, subject_kind, subject_id, member_id, "from", text, at, handled_at, demo)
    select ${idOf('REP')}, 'announcement', ${sql.lit(subject)}, ${idOf('MEM', sql`i * 100`)}, 'member', 'Odpowiedź',
      ${sql.lit(now)}, case when i < ${sql.lit(replies - 100)} then ${sql.lit(now)} end, 0
    from ${numbers(replies)} where i * 100 < ${sql.lit(members)}`.execute(db);
}

/** The others were sent to the same people with the same success. */
async function copyCounts(db: Db, from: string, to: string): Promise<void> {
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, recipients, pending, accepted, unknown,
      unreachable, failed, confirmed, unconfirmed)
    select subject_kind, ${to}, part, part_id, slot, recipients, pending, accepted, unknown, unreachable, failed,
      confirmed, unconfirmed
    from subject_count where subject_kind = 'announcement' and subject_id = ${from}`.execute(db);
}
