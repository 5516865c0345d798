import type { Kysely } from 'kysely';

/** What is kept of each messenger as a whole. A messenger without a row was never paused and never used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('channel_state')
    .addColumn('channel', 'text', (c) => c.primaryKey())
    .addColumn('paused_at', 'bigint')
    .addColumn('last_in_at', 'bigint')
    .addColumn('last_out_at', 'bigint')
    .execute();
}
