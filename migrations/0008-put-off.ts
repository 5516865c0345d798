import { type Kysely, sql } from 'kysely';

/** When a delivery was put off: waits written down by a clock that was ahead are known by it, and each ends once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('delivery').addColumn('put_off_at', 'bigint').execute();
  // What a former version put off ends as what was put off then.
  await sql`update delivery set put_off_at = 0 where status = 'pending' and not_before > 0`.execute(db);
  for (const column of ['not_before', 'put_off_at']) {
    await sql
      .raw(
        `create index delivery_put_off_${column} on delivery (${column}) where status = 'pending' and put_off_at is not null`,
      )
      .execute(db);
  }
}
