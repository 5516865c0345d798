import { type Kysely, sql } from 'kysely';

/** The account each member is written to on and the messengers they can be, kept with the member. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('member').addColumn('account_id', 'text').execute();
  await db.schema
    .alterTable('member')
    .addColumn('ways', 'text', (c) => c.notNull().defaultTo('noAccount'))
    .execute();
  // As core/store/accounts.ts keeps them.
  await sql`
    update member set
      account_id = (select account.id from account where account.member_id = member.id and account.status = 'open'
        order by account.last_used_at desc, account.id desc limit 1),
      ways = coalesce(
        (select string_agg(way.channel, ' ' order by way.place) from (
          select used.channel, min(used.place) as place from (
            select account.channel, row_number() over (order by account.last_used_at desc, account.id desc) as place
            from account where account.member_id = member.id and account.status = 'open') as used
          group by used.channel) as way),
        'blocked')
    where exists (select 1 from account where account.member_id = member.id)`.execute(db);
  await sql`drop index member_company`.execute(db);
  // An audience is counted without reading its people's rows.
  await sql`create index member_company on member (company_id, status, ways, role, language, tags)`.execute(
    db,
  );
}
