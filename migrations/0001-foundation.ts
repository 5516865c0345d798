import { type Kysely, SqliteAdapter, sql } from 'kysely';

/** Types every dialect shares; PostgreSQL and SQLite differ only in how they call bytes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema;

  await schema
    .createTable('network')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('languages', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text', (c) => c.notNull())
    .addColumn('quiet_from', 'text')
    .addColumn('quiet_to', 'text')
    .addColumn('joining', 'text', (c) => c.notNull())
    .addColumn('smallest_group', 'integer', (c) => c.notNull())
    .addColumn('contact', 'text')
    .addColumn('named_at', 'bigint')
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('branch')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name_pl', 'text', (c) => c.notNull())
    .addColumn('name_en', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('archived_at', 'bigint')
    .execute();

  await schema
    .createTable('company')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_folded', 'text', (c) => c.notNull().unique())
    .addColumn('branch_id', 'text', (c) => c.references('branch.id'))
    .addColumn('offer_pl', 'text')
    .addColumn('offer_en', 'text')
    .addColumn('website', 'text')
    .addColumn('unit', 'text')
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('member')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_folded', 'text', (c) => c.notNull())
    .addColumn('email', 'text', (c) => c.unique())
    .addColumn('company_id', 'text', (c) => c.references('company.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('consent_at', 'bigint')
    .addColumn('consent_version', 'integer')
    .addColumn('stopped_at', 'bigint')
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('simulated', 'integer', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('member_company').on('member').column('company_id').execute();

  await schema
    .createTable('account')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text', (c) => c.notNull())
    .addColumn('member_id', 'text', (c) => c.references('member.id'))
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('gone_reason', 'text')
    .addColumn('display_name', 'text')
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('account_address', ['channel', 'external_id'])
    .execute();
  await schema.createIndex('account_member').on('account').column('member_id').execute();

  await schema
    .createTable('invitation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('code', 'text', (c) => c.notNull().unique())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('member_id', 'text', (c) => c.references('member.id'))
    .addColumn('company_id', 'text', (c) => c.references('company.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('language', 'text')
    .addColumn('created_by', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('sent_at', 'bigint')
    .addColumn('opened_at', 'bigint')
    .addColumn('joined_at', 'bigint')
    .addColumn('joined_count', 'integer', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute();

  await schema
    .createTable('attachment')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('file_name', 'text', (c) => c.notNull())
    .addColumn('content_type', 'text', (c) => c.notNull())
    .addColumn('size', 'integer', (c) => c.notNull())
    .addColumn('data', bytes(db), (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('announcement')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title_pl', 'text')
    .addColumn('title_en', 'text')
    .addColumn('text_pl', 'text')
    .addColumn('text_en', 'text')
    .addColumn('link', 'text')
    .addColumn('attachment_id', 'text', (c) => c.references('attachment.id'))
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('confirm', 'integer', (c) => c.notNull())
    .addColumn('urgent', 'integer', (c) => c.notNull())
    .addColumn('replies', 'integer', (c) => c.notNull())
    .addColumn('reminder_count', 'integer', (c) => c.notNull())
    .addColumn('reminder_every_hours', 'integer', (c) => c.notNull())
    .addColumn('send_at', 'bigint', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text')
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('corrected_at', 'bigint')
    .execute();

  await schema
    .createTable('poll')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('question_pl', 'text')
    .addColumn('question_en', 'text')
    .addColumn('multiple', 'integer', (c) => c.notNull())
    .addColumn('anonymous', 'integer', (c) => c.notNull())
    .addColumn('show_results', 'text', (c) => c.notNull())
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('urgent', 'integer', (c) => c.notNull())
    .addColumn('opens_at', 'bigint', (c) => c.notNull())
    .addColumn('closes_at', 'bigint', (c) => c.notNull())
    .addColumn('reminder_count', 'integer', (c) => c.notNull())
    .addColumn('reminder_every_hours', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text')
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('closed_at', 'bigint')
    .execute();

  await schema
    .createTable('poll_option')
    .addColumn('poll_id', 'text', (c) => c.notNull().references('poll.id').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('label_pl', 'text')
    .addColumn('label_en', 'text')
    .addColumn('votes', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_option_key', ['poll_id', 'position'])
    .execute();

  await schema
    .createTable('ballot')
    .addColumn('poll_id', 'text', (c) => c.notNull().references('poll.id').onDelete('cascade'))
    .addColumn('member_id', 'text', (c) => c.notNull().references('member.id'))
    .addColumn('options', 'text')
    .addColumn('voted_at', 'bigint')
    .addPrimaryKeyConstraint('ballot_key', ['poll_id', 'member_id'])
    // Ballots stand by key: no row number says who voted before whom.
    .$call((table) => (onSqlite(db) ? table.modifyEnd(sql`without rowid`) : table))
    .execute();

  await schema
    .createTable('barrier')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('reporter_id', 'text', (c) => c.references('member.id'))
    .addColumn('company_id', 'text', (c) => c.references('company.id'))
    .addColumn('anonymous', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('visibility', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('barrier_message')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('barrier_id', 'text', (c) => c.notNull().references('barrier.id').onDelete('cascade'))
    .addColumn('from', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('status', 'text')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('barrier_message_barrier').on('barrier_message').column('barrier_id').execute();

  await schema
    .createTable('reply')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('member_id', 'text', (c) => c.notNull().references('member.id'))
    .addColumn('from', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('handled_at', 'bigint')
    .addColumn('demo', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('reply_subject')
    .on('reply')
    .columns(['subject_kind', 'subject_id', 'member_id'])
    .execute();

  await schema
    .createTable('delivery')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token', 'text', (c) => c.notNull().unique())
    .addColumn('member_id', 'text', (c) => c.references('member.id'))
    .addColumn('account_id', 'text', (c) => c.references('account.id'))
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('dedupe_key', 'text', (c) => c.unique())
    .addColumn('content', 'text')
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('held', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('quiet', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('claimed_at', 'bigint')
    .addColumn('channel', 'text')
    .addColumn('external_message_id', 'text')
    .addColumn('reply_to', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('accepted_at', 'bigint')
    .addColumn('confirmed_at', 'bigint')
    .addColumn('edit_wanted', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('edit_done', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .createIndex('delivery_subject')
    .on('delivery')
    .columns(['subject_kind', 'subject_id', 'purpose', 'status'])
    .execute();
  await schema.createIndex('delivery_member').on('delivery').columns(['member_id', 'subject_kind']).execute();
  await schema
    .createIndex('delivery_external')
    .on('delivery')
    .columns(['account_id', 'external_message_id'])
    .execute();
  // The sweep's three questions; partial, so that they stay as small as the work left, not as the history.
  await sql`create index delivery_pending on delivery (not_before) where status = 'pending'`.execute(db);
  await sql`create index delivery_sending on delivery (claimed_at) where status = 'sending'`.execute(db);
  await sql`create index delivery_edit on delivery (id) where edit_wanted > edit_done`.execute(db);

  await schema
    .createTable('due_moment')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('done_at', 'bigint')
    .execute();
  await sql`create index due_moment_open on due_moment (at) where done_at is null`.execute(db);

  await schema
    .createTable('conversation')
    .addColumn('owner_id', 'text', (c) => c.primaryKey())
    .addColumn('dialog', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('inbound_event')
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('external_event_id', 'text', (c) => c.notNull())
    .addColumn('taken_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('inbound_event_key', ['channel', 'external_event_id'])
    .execute();

  await schema
    .createTable('webchat_message')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('external_id', 'text', (c) => c.notNull())
    .addColumn('from', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('webchat_message_page')
    .on('webchat_message')
    .columns(['external_id', 'position'])
    .execute();

  await schema
    .createTable('session')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('member_id', 'text', (c) => c.notNull().references('member.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('sign_in_link')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('member_id', 'text', (c) => c.notNull().references('member.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .execute();

  await schema
    .createTable('api_token')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();

  await schema
    .createTable('idempotency')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('status', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('content_type', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
}

function bytes(db: Kysely<unknown>): 'blob' | 'bytea' {
  return onSqlite(db) ? 'blob' : 'bytea';
}

function onSqlite(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}
