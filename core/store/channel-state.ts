import { sql } from 'kysely';
import type { ChannelName } from '../channels/channel-name.ts';
import { unlessShown } from './delivery-status.ts';
import { prepared } from './prepared.ts';
import type { Db, Row } from './schema.ts';
import { atOnce, type Wait } from './wait.ts';

export type ChannelState = Row<'channel_state'>;

/** The messengers anything is known of; one never paused and never used has no row. */
export async function channelStates(db: Db): Promise<Map<ChannelName, ChannelState>> {
  const rows = await db.selectFrom('channel_state').selectAll().execute();
  return new Map(rows.map((row) => [row.channel, row]));
}

const paused = prepared((db) =>
  db.selectFrom('channel_state').select('channel').where('paused_at', 'is not', null),
);

export async function pausedChannels(db: Db): Promise<Set<ChannelName>> {
  return new Set((await paused(db, {})).map((r) => r.channel));
}

/** `at`: since when nothing is sent on it; null = it is sent on. */
export async function setPaused(db: Db, channel: ChannelName, at: number | null): Promise<void> {
  await db
    .insertInto('channel_state')
    .values({ channel, paused_at: at, last_in_at: null, last_out_at: null })
    .onConflict((c) => c.column('channel').doUpdateSet({ paused_at: at }))
    .execute();
}

const ofChannel = prepared((db, { channel }: { channel: ChannelName }) =>
  db.selectFrom('channel_state').selectAll().where('channel', '=', channel),
);

/**
 * A message came in or went out. Written only when what stands is older than `everyMs`, so that a busy messenger is not one
 * row everybody waits for; true when it was written.
 */
export async function noteMessage(
  db: Db,
  channel: ChannelName,
  column: 'last_in_at' | 'last_out_at',
  now: number,
  everyMs: number,
): Promise<boolean> {
  const [known] = await ofChannel(db, { channel });
  if ((known?.[column] ?? Number.NEGATIVE_INFINITY) > now - everyMs) return false;
  await db
    .insertInto('channel_state')
    .values({ channel, paused_at: null, last_in_at: null, last_out_at: null, [column]: now })
    .onConflict((c) => c.column('channel').doUpdateSet({ [column]: now }))
    .execute();
  return true;
}

/** How many deliveries wait for each paused messenger. */
export async function countParked(db: Db): Promise<Map<ChannelName, number>> {
  const rows = await db
    .selectFrom('delivery')
    .select((e) => ['channel', e.fn.countAll<number>().as('n')])
    // A literal, not a bound value: only then does SQLite use the partial index.
    .where('status', '=', sql.lit('pending'))
    .where('reason', '=', parked)
    .groupBy('channel')
    .execute();
  return new Map(rows.flatMap(({ channel, n }) => (channel ? [[channel, Number(n)] as const] : [])));
}

/** The reason of a pending delivery that waits for a paused messenger: a key under delivery.json "reason". */
export const parked = 'paused';

/** These wait for their paused messengers; looked at again after `wait`, for their person may have moved to another. */
export async function park(
  db: Db,
  deliveries: readonly { readonly id: string; readonly channel: ChannelName }[],
  wait: Wait,
): Promise<void> {
  for (const channel of new Set(deliveries.map((d) => d.channel))) {
    const ids = deliveries.filter((d) => d.channel === channel).map((d) => d.id);
    await db
      .updateTable('delivery')
      .set({ ...wait, reason: unlessShown(parked), channel })
      .where('id', 'in', ids)
      .where('status', '=', 'pending')
      .execute();
  }
}

/** What waited for this messenger may leave. */
export async function releaseParked(db: Db, channel: ChannelName): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ ...atOnce, reason: null, channel: null })
    .where('status', '=', sql.lit('pending'))
    .where('reason', '=', parked)
    .where('channel', '=', channel)
    .execute();
}
