import type { Media } from '../channels/outbound-message.ts';
import type { Db, NewRow, Row } from './schema.ts';

export async function insertAttachment(db: Db, attachment: NewRow<'attachment'>): Promise<void> {
  await db.insertInto('attachment').values(attachment).execute();
}

export async function findAttachmentInfo(
  db: Db,
  id: string,
): Promise<Omit<Row<'attachment'>, 'data'> | undefined> {
  return db
    .selectFrom('attachment')
    .select(['id', 'kind', 'file_name', 'content_type', 'size', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What is known of these attachments, without their bytes. */
export async function attachmentInfos(
  db: Db,
  ids: readonly string[],
): Promise<Omit<Row<'attachment'>, 'data'>[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('attachment')
    .select(['id', 'kind', 'file_name', 'content_type', 'size', 'created_at'])
    .where('id', 'in', ids)
    .execute();
}

/** The attachment with its bytes. Throws when the row is gone: a message never leaves without its picture. */
export async function loadMedia(db: Db, id: string): Promise<Media> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  return { id: row.id, fileName: row.file_name, contentType: row.content_type, data: row.data };
}
