import type { SelectQueryBuilder } from 'kysely';
import type { Db, Schema } from './schema.ts';

/** How many rows a query has; its own limit is the most that is counted. */
export async function countRows<T extends keyof Schema>(
  db: Db,
  rows: SelectQueryBuilder<Schema, T, { id: string }>,
): Promise<number> {
  const { n } = await db
    .selectFrom(rows.as('counted'))
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}
