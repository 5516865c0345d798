import type { Kysely } from 'kysely';

/**
 * Backups made, restorations from them, the move to another database, due moments a restoration holds; and invitations for
 * people who joined and lost their addresses.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('backup')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('file', 'text')
    .addColumn('size', 'bigint')
    .addColumn('fault', 'text')
    .execute();
  await schema
    .createTable('restoration')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('taken_at', 'bigint', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('held_at', 'bigint')
    .addColumn('settled_at', 'bigint')
    .addColumn('sent', 'integer')
    .execute();
  await schema
    .createTable('moved')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .execute();
  await schema
    .alterTable('due_moment')
    .addColumn('held', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .alterTable('invitation')
    .addColumn('again', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
