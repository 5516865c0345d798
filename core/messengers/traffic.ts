import type { ChannelName } from '../channels/channel-name.ts';
import { noteMessage } from '../store/channel-state.ts';
import type { Unit } from '../unit.ts';

/** How exactly the last messages' moments are known: a write a minute costs nothing. */
const everyMs = 60_000;

/** Keeps when a message last came in on, or went out to, this messenger; to the minute. */
export async function noteTraffic(unit: Unit, channel: ChannelName, way: 'in' | 'out'): Promise<void> {
  const written = await noteMessage(
    unit.db,
    channel,
    way === 'in' ? 'last_in_at' : 'last_out_at',
    unit.now,
    everyMs,
  );
  if (written) unit.ring({ kind: 'changed', topic: 'messengers' });
}
