import { type Kysely, SqliteAdapter, sql } from 'kysely';

/**
 * Counts kept as they happen, where the people of a delivery belonged when it was made, and names in the order of the
 * Polish alphabet; with the indexes that lists and the sweep need among millions of rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await addColumns(db);
  await db.schema
    .createTable('subject_count')
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('part', 'text', (c) => c.notNull())
    .addColumn('part_id', 'text', (c) => c.notNull())
    .addColumn('slot', 'integer', (c) => c.notNull())
    .$call((table) =>
      figures.reduce((t, figure) => t.addColumn(figure, 'integer', (c) => c.notNull().defaultTo(0)), table),
    )
    .addPrimaryKeyConstraint('subject_count_key', ['subject_kind', 'subject_id', 'part', 'part_id', 'slot'])
    .execute();
  await db.schema
    .createIndex('subject_count_largest')
    .on('subject_count')
    .columns(['subject_kind', 'subject_id', 'part', 'recipients', 'part_id'])
    .execute();
  await db.schema
    .createTable('poll_group_vote')
    .addColumn('poll_id', 'text', (c) => c.notNull().references('poll.id').onDelete('cascade'))
    .addColumn('part', 'text', (c) => c.notNull())
    .addColumn('part_id', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('votes', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_group_vote_key', ['poll_id', 'part', 'part_id', 'position'])
    .execute();
  await replaceIndexes(db);
  await nameAll(db, 'member');
  await nameAll(db, 'company');
  await placeDeliveries(db);
  await fillCounts(db);
  await fillMoments(db);
}

const figures = [
  'recipients',
  'pending',
  'accepted',
  'unknown',
  'unreachable',
  'failed',
  'confirmed',
  'unconfirmed',
  'replied',
  'replies',
  'voted',
];

async function addColumns(db: Kysely<unknown>): Promise<void> {
  for (const column of ['company_id', 'branch_id', 'language']) {
    await db.schema.alterTable('delivery').addColumn(column, 'text').execute();
  }
  for (const column of ['half_at', 'ninety_at']) {
    await db.schema.alterTable('announcement').addColumn(column, 'bigint').execute();
  }
  // Compared byte by byte, whatever the database's own collation.
  const bytewise = onSqlite(db) ? sql`text` : sql`text collate "C"`;
  for (const table of ['member', 'company']) {
    await db.schema
      .alterTable(table)
      .addColumn('name_key', bytewise, (c) => c.notNull().defaultTo(''))
      .execute();
    await db.schema
      .alterTable(table)
      .addColumn('search', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
  }
}

async function replaceIndexes(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('drop index delivery_subject');
  await run('create index delivery_subject on delivery (subject_kind, subject_id, purpose, member_id)');
  await run('drop index delivery_member');
  await run('create index delivery_member on delivery (member_id, subject_kind, subject_id)');
  await run('drop index delivery_pending');
  await run(
    "create index delivery_pending on delivery (lane, held, not_before, id) where status = 'pending'",
  );
  await run(
    `create index delivery_unconfirmed on delivery (subject_kind, subject_id, status, member_id)
     where purpose = 'main' and confirmed_at is null`,
  );
  await run(
    `create index delivery_unreachable on delivery (subject_kind, subject_id, reason, member_id)
     where purpose = 'main' and status = 'unreachable'`,
  );
  // A search reads only the index until it knows whom it found; so does the preview of an audience.
  await run('create index member_name on member (name_key, id, search, company_id, status, role)');
  await run('drop index account_member');
  await run('create index account_member on account (member_id, last_used_at, id, status, channel)');
  await run('create index company_name on company (name_key, id)');
  await run('create index member_simulated on member (id) where simulated = 1');
  await run('create index due_moment_subject on due_moment (subject_id)');
  await run('create index reply_of on reply (subject_kind, subject_id, id)');
  await run(`create index reply_open on reply (id) where handled_at is null and "from" = 'member'`);
  await run('create index inbound_event_taken on inbound_event (taken_at)');
}

async function placeDeliveries(db: Kysely<unknown>): Promise<void> {
  await sql`
    update delivery set
      language = (select language from member where member.id = delivery.member_id),
      company_id = (select company_id from member where member.id = delivery.member_id),
      branch_id = (select branch_id from member join company on company.id = member.company_id
        where member.id = delivery.member_id)
    where purpose = 'main' and subject_kind in ('announcement', 'poll') and member_id is not null`.execute(
    db,
  );
}

async function fillCounts(db: Kysely<unknown>): Promise<void> {
  const settledChannel =
    "case when d.status in ('pending', 'sending') then '' else coalesce(d.channel, '') end";
  await countPart(db, 'all', "''", '1 = 1');
  await countPart(db, 'branch', "coalesce(d.branch_id, '')", 'poll.anonymous = 0');
  await countPart(db, 'company', "coalesce(d.company_id, '')", 'poll.anonymous = 0');
  await countPart(db, 'language', 'd.language', '1 = 0');
  await countPart(db, 'channel', settledChannel, '1 = 0');
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, unreachable)
    select subject_kind, subject_id, 'reason', coalesce(reason, 'noAccount'), 0, count(*)
    from delivery where language is not null and status = 'unreachable'
    group by subject_kind, subject_id, coalesce(reason, 'noAccount')`.execute(db);
  await sql`
    insert into subject_count (subject_kind, subject_id, part, part_id, slot, replies)
    select subject_kind, subject_id, 'all', '', 0, count(*) from reply where "from" = 'member'
    group by subject_kind, subject_id
    on conflict (subject_kind, subject_id, part, part_id, slot) do update set replies = excluded.replies`.execute(
    db,
  );
  for (const part of ['branch', 'company']) await countGroupVotes(db, part);
}

/** `voters`: whose ballots are counted in this part. */
async function countPart(db: Kysely<unknown>, part: string, partId: string, voters: string): Promise<void> {
  const confirmed = "d.subject_kind = 'announcement' and d.confirmed_at is not null";
  const count = (condition: string) => `sum(case when ${condition} then 1 else 0 end)`;
  const conditions = [
    "d.status in ('pending', 'sending')",
    ...['accepted', 'unknown', 'unreachable', 'failed'].map((status) => `d.status = '${status}'`),
    confirmed,
    "d.subject_kind = 'announcement' and d.confirmed_at is null and d.status in ('accepted', 'unknown')",
    `exists (select 1 from reply r where r.subject_kind = d.subject_kind and r.subject_id = d.subject_id
       and r.member_id = d.member_id and r."from" = 'member')`,
    `exists (select 1 from ballot join poll on poll.id = ballot.poll_id
       where ballot.poll_id = d.subject_id and ballot.member_id = d.member_id and ${voters})`,
  ];
  await sql
    .raw(
      `insert into subject_count (subject_kind, subject_id, part, part_id, slot, recipients, pending, accepted,
         unknown, unreachable, failed, confirmed, unconfirmed, replied, voted)
       select d.subject_kind, d.subject_id, '${part}', d.part_id, 0, count(*), ${conditions.map(count).join(', ')}
       from (select d.*, ${partId} as part_id from delivery d where d.language is not null) d
       group by d.subject_kind, d.subject_id, d.part_id`,
    )
    .execute(db);
}

async function countGroupVotes(db: Kysely<unknown>, part: string): Promise<void> {
  await sql
    .raw(
      `insert into poll_group_vote (poll_id, part, part_id, position, votes)
       select b.poll_id, '${part}', coalesce(d.${part}_id, ''), o.position, count(*)
       from ballot b
       join delivery d on d.subject_kind = 'poll' and d.subject_id = b.poll_id and d.purpose = 'main'
         and d.member_id = b.member_id
       join poll_option o on o.poll_id = b.poll_id
       where b.options is not null and replace(replace(b.options, '[', ','), ']', ',')
         like '%,' || cast(o.position as text) || ',%'
       group by b.poll_id, coalesce(d.${part}_id, ''), o.position`,
    )
    .execute(db);
}

/** When half and nine tenths of each announcement's recipients had confirmed. */
async function fillMoments(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: string; n: number }>`
    select subject_id as id, recipients as n from subject_count
    where subject_kind = 'announcement' and part = 'all' and confirmed * 2 >= recipients and recipients > 0`.execute(
    db,
  );
  for (const { id, n } of rows) {
    for (const [column, share] of [
      ['half_at', 0.5],
      ['ninety_at', 0.9],
    ] as const) {
      await sql`
        update announcement set ${sql.ref(column)} = (
          select confirmed_at from delivery
          where subject_kind = 'announcement' and subject_id = ${id} and purpose = 'main'
            and language is not null and confirmed_at is not null
          order by confirmed_at limit 1 offset ${Math.ceil(Number(n) * share) - 1})
        where id = ${id}`.execute(db);
    }
  }
}

interface Named {
  readonly id: string;
  readonly words: string;
  readonly name: string;
}

/** Page by page: what a name sorts by and is found by. */
async function nameAll(db: Kysely<unknown>, table: 'member' | 'company'): Promise<void> {
  const words = {
    member: sql`name || ' ' || coalesce(email, '') || ' ' || tags`,
    company: sql`name || ' ' || coalesce(unit, '') || ' ' || tags || ' ' || coalesce(offer_pl, '') || ' ' || coalesce(offer_en, '')`,
  }[table];
  let after = '';
  for (;;) {
    const { rows } = await sql<Named>`
      select id, name, ${words} as words from ${sql.table(table)}
      where id > ${after} order by id limit 1000`.execute(db);
    for (const { id, name, words: text } of rows) {
      await sql`update ${sql.table(table)} set name_key = ${nameKey(name)}, search = ${fold(text).slice(0, table === 'member' ? 400 : undefined)}
        where id = ${id}`.execute(db);
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** As core/fold.ts has it. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** As core/fold.ts has it. */
function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replace(/\d+|\s+|./gsu, (part) => {
      if (/^\d/.test(part)) return numberKey(part);
      if (/^\s/.test(part)) return ' ';
      return [...(alphabet.includes(part) ? part : fold(part))].map(letterKey).join('');
    });
}

function numberKey(digits: string): string {
  const number = digits.replace(/^0+(?=\d)/, '');
  return String(number.length).padStart(3, '0') + number;
}

function letterKey(letter: string): string {
  const place = alphabet.indexOf(letter);
  if (place >= 0) return String.fromCharCode(0x41 + place);
  return /\p{L}/u.test(letter) ? letter : '!';
}

const alphabet = 'aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż';

function onSqlite(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}
