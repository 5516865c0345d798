import { sql } from 'kysely';
import type { Db } from './schema.ts';

// Literals, not bound values: only then does SQLite use the partial indexes on delivery.status.

/** Deliveries not settled yet; both counts come from partial indexes, however long the history. */
export async function countByStatus(db: Db): Promise<{ pending: number; sending: number }> {
  const count = async (status: 'pending' | 'sending') => {
    const row = await db
      .selectFrom('delivery')
      .select((e) => e.fn.countAll<number>().as('n'))
      .where('status', '=', sql.lit(status))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  };
  return { pending: await count('pending'), sending: await count('sending') };
}

/** Since when (epoch ms) the longest waiting delivery that may leave has been allowed to, or null. */
export async function oldestWait(db: Db, now: number): Promise<number | null> {
  const row = await db
    .selectFrom('delivery')
    .select(['not_before', 'created_at'])
    .where('status', '=', sql.lit('pending'))
    .where('held', '=', 0)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .limit(1)
    .executeTakeFirst();
  return row ? Math.max(row.not_before, row.created_at) : null;
}
