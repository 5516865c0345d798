import type { ChannelName } from '../channels/channel-name.ts';
import type { Db } from './schema.ts';

/** Records the event as taken; false when it was taken before. Within a transaction: undone with it. */
export async function takeOnce(
  db: Db,
  channel: ChannelName,
  externalEventId: string,
  now: number,
): Promise<boolean> {
  const taken = await db
    .insertInto('inbound_event')
    .values({ channel, external_event_id: externalEventId, taken_at: now })
    .onConflict((c) => c.columns(['channel', 'external_event_id']).doNothing())
    .returning('taken_at')
    .execute();
  return taken.length > 0;
}

/** Forgets events no platform repeats any more. */
export async function forgetEvents(db: Db, takenBefore: number): Promise<void> {
  await db.deleteFrom('inbound_event').where('taken_at', '<', takenBefore).execute();
}
