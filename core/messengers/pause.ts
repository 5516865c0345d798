import type { ChannelName } from '../channels/channel-name.ts';
import { channelStates, releaseParked, setPaused } from '../store/channel-state.ts';
import type { Unit } from '../unit.ts';

/** Nothing more is sent on this messenger: what would be waits. What people write there is taken as ever. */
export async function pauseMessenger(unit: Unit, channel: ChannelName): Promise<void> {
  const state = (await channelStates(unit.db)).get(channel);
  if (state?.paused_at != null) return;
  await setPaused(unit.db, channel, unit.now);
  unit.ring({ kind: 'changed', topic: 'messengers' });
}

/** What waited leaves, in its order; the sweep finds it. */
export async function resumeMessenger(unit: Unit, channel: ChannelName): Promise<void> {
  await setPaused(unit.db, channel, null);
  await releaseParked(unit.db, channel);
  unit.ring({ kind: 'changed', topic: 'messengers' });
}
