import type { Kysely } from 'kysely';

/** How far an address's conversation was read, where the platform does not say again what was written meanwhile. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // One at a time: SQLite adds no two columns at once.
  await db.schema.alterTable('account').addColumn('thread_id', 'text').execute();
  await db.schema.alterTable('account').addColumn('thread_read_to', 'text').execute();
}
