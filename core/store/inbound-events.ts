import type { ChannelName } from '../channels/channel-name.ts';
import { prepared } from './prepared.ts';
import type { Db } from './schema.ts';

const insertOnce = prepared((db, event: { channel: ChannelName; externalEventId: string; now: number }) =>
  db
    .insertInto('inbound_event')
    .values({ channel: event.channel, external_event_id: event.externalEventId, taken_at: event.now })
    .onConflict((c) => c.columns(['channel', 'external_event_id']).doNothing())
    .returning('taken_at'),
);

/** Records the event as taken; false when it was taken before. Within a transaction: undone with it. */
export async function takeOnce(
  db: Db,
  channel: ChannelName,
  externalEventId: string,
  now: number,
): Promise<boolean> {
  return (await insertOnce(db, { channel, externalEventId, now })).length > 0;
}

/** Forgets events no platform repeats any more. */
export async function forgetEvents(db: Db, takenBefore: number): Promise<void> {
  await db.deleteFrom('inbound_event').where('taken_at', '<', takenBefore).execute();
}
