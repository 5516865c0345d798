import type { Kysely } from 'kysely';

/** Chats shared by many people, in which announcements and Join buttons are posted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('group_chat')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('place', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('let_in_by', 'text')
    .addColumn('invitation_id', 'text', (c) => c.references('invitation.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('group_chat_address', ['channel', 'external_id'])
    .execute();
  await schema
    .alterTable('announcement')
    .addColumn('group_ids', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
  await schema
    .alterTable('delivery')
    .addColumn('group_id', 'text', (c) => c.references('group_chat.id'))
    .execute();
}
