import { prepared, preparedRows } from './prepared.ts';
import type { Db, Row } from './schema.ts';

export type WebchatMessage = Row<'webchat_message'>;
export type NewWebchatMessage = Omit<WebchatMessage, 'position'>;

/**
 * Positions count up from the moment of the first message, so that they grow also over a transcript that was erased: a page
 * still open on it goes on hearing what is new. They tell no later moment: an edited poll must not say when it was answered.
 */
const nextPosition = (last: number, begun: number) => (last === 0 ? begun : last + 1);

/**
 * Adds a message to the end of its address's transcript, unless its id is there already. `at` is moved on where needed so
 * that it grows within the transcript: messages are shown in its order. Returns false when it was there.
 */
export async function insertWebchatMessage(db: Db, message: NewWebchatMessage): Promise<boolean> {
  const { position, at } = await webchatLast(db, message.external_id);
  const moved = {
    ...message,
    at: Math.max(message.at, at + 1),
    position: nextPosition(position, message.at),
  };
  return (await insertOnce(db, [moved])).length > 0;
}

const insertOnce = preparedRows((db, rows: readonly WebchatMessage[]) =>
  db
    .insertInto('webchat_message')
    .values(rows)
    .onConflict((c) => c.column('id').doNothing())
    .returning('id'),
);

/** Adds what a person wrote at the moment it was written, also when an answer came in between. */
export async function insertPersonMessage(db: Db, message: NewWebchatMessage): Promise<boolean> {
  const { position } = await webchatLast(db, message.external_id);
  const placed = { ...message, position: nextPosition(position, message.at) };
  return (await insertOnce(db, [placed])).length > 0;
}

/** Changes what stands under `id`; returns false when there is no such message or it says so already. */
export async function editWebchatMessage(
  db: Db,
  externalId: string,
  id: string,
  body: string,
): Promise<boolean> {
  const { position } = await webchatLast(db, externalId);
  return (await changeBody(db, { id, externalId, body, position: position + 1 })).length > 0;
}

const changeBody = prepared(
  (db, edited: { id: string; externalId: string; body: string; position: number }) =>
    db
      .updateTable('webchat_message')
      .set({ body: edited.body, position: edited.position })
      .where('id', '=', edited.id)
      .where('external_id', '=', edited.externalId)
      .where('body', '!=', edited.body)
      .returning('id'),
);

/** The newest `limit` messages of a transcript, those before the moment `before` when given; oldest first. */
export async function webchatPage(
  db: Db,
  externalId: string,
  limit: number,
  before?: number,
): Promise<WebchatMessage[]> {
  let query = db
    .selectFrom('webchat_message')
    .selectAll()
    .where('external_id', '=', externalId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('at', '<', before);
  return (await query.execute()).reverse();
}

/** What was added or changed after `position`, in the order it happened. */
export async function webchatSince(
  db: Db,
  externalId: string,
  position: number,
  limit: number,
): Promise<WebchatMessage[]> {
  return db
    .selectFrom('webchat_message')
    .selectAll()
    .where('external_id', '=', externalId)
    .where('position', '>', position)
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** Those of `ids` that stand in this transcript. */
export async function webchatMessages(
  db: Db,
  externalId: string,
  ids: readonly string[],
): Promise<WebchatMessage[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('webchat_message')
    .selectAll()
    .where('external_id', '=', externalId)
    .where('id', 'in', ids)
    .execute();
}

/** The bodies of this transcript's messages that mention a picture or file; `mediaId` is of [A-Za-z0-9]. */
export async function webchatBodiesWith(db: Db, externalId: string, mediaId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('webchat_message')
    .select('body')
    .where('external_id', '=', externalId)
    .where('from', '=', 'wici')
    .where('body', 'like', `%"id":"${mediaId}"%`)
    .execute();
  return rows.map((r) => r.body);
}

/** Forgets everything said with these addresses. */
export async function eraseWebchat(db: Db, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return;
  await db.deleteFrom('webchat_message').where('external_id', 'in', externalIds).execute();
}

/** Whether what a page saw up to `position` was erased since: positions of what was said after it begin later. */
export async function webchatErasedSince(db: Db, externalId: string, position: number): Promise<boolean> {
  if (position === 0) return false;
  const row = await db
    .selectFrom('webchat_message')
    .select((e) => e.fn.min('at').as('begun'))
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row?.begun == null || position < row.begun;
}

/** Where a transcript ends: its highest position and its last moment; 0 while it is empty. */
export async function webchatLast(db: Db, externalId: string): Promise<{ position: number; at: number }> {
  const [row] = await last(db, { externalId });
  return { position: row?.position ?? 0, at: row?.at ?? 0 };
}

const last = prepared((db, { externalId }: { externalId: string }) =>
  db
    .selectFrom('webchat_message')
    .select((e) => [e.fn.max('position').as('position'), e.fn.max('at').as('at')])
    .where('external_id', '=', externalId),
);
