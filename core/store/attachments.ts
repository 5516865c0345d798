import { sql } from 'kysely';
import type { Media } from '../channels/outbound-message.ts';
import { languages } from '../language.ts';
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

/**
 * Ids of attachments no announcement has and that are no poll's result (see core/polls/draw-results.ts). Asks for nothing but
 * ids: they stand in an index, while the rows hold whole files.
 */
async function unusedAttachments(db: Db): Promise<string[]> {
  let query = db
    .selectFrom('attachment')
    .select('id')
    .where('id', 'not in', (e) =>
      e.selectFrom('announcement').select('attachment_id').where('attachment_id', 'is not', null),
    );
  for (const language of languages) {
    query = query.where('id', 'not in', (e) =>
      e.selectFrom('poll').select(sql<string>`id || ${language}`.as('id')),
    );
  }
  return (await query.execute()).map((r) => r.id);
}

/** Removes what was uploaded before `before` and never sent; returns how many. */
export async function deleteUnusedAttachments(db: Db, before: number): Promise<number> {
  const ids = await unusedAttachments(db);
  if (ids.length === 0) return 0;
  const { numDeletedRows } = await db
    .deleteFrom('attachment')
    .where('id', 'in', ids.slice(0, 500))
    .where('created_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
