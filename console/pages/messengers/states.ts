import type { ChannelAdapter } from '../../../core/channels/channel-adapter.ts';
import { type ChannelName, channelNames } from '../../../core/channels/channel-name.ts';
import { lastTest, openAccountOn } from '../../../core/messengers/test-message.ts';
import type { Account } from '../../../core/store/accounts.ts';
import { channelStates, countParked } from '../../../core/store/channel-state.ts';
import type { Delivery } from '../../../core/store/deliveries.ts';
import type { Tone } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';

export type State = 'off' | 'paused' | 'connecting' | 'connected' | 'failing' | 'stopped';

export const tones: Readonly<Record<State, Tone>> = {
  off: 'neutral',
  paused: 'warning',
  connecting: 'info',
  connected: 'success',
  failing: 'danger',
  stopped: 'danger',
};

/** A messenger as the panel shows it. */
export interface Messenger {
  readonly channel: ChannelName;
  readonly state: State;
  /** Null while it is not set up. */
  readonly adapter: ChannelAdapter | null;
  readonly pausedAt: number | null;
  /** How many messages wait for the end of its pause. */
  readonly waiting: number;
  readonly lastInAt: number | null;
  readonly lastOutAt: number | null;
}

/** Every messenger Wici can have, in the order channels are named. */
export async function messengers({ deps }: StaffView): Promise<Messenger[]> {
  const { db } = deps.core;
  const [states, parked] = await Promise.all([channelStates(db), countParked(db)]);
  return channelNames.map((channel) => {
    const adapter = deps.adapters.get(channel) ?? null;
    const kept = states.get(channel);
    const pausedAt = kept?.paused_at ?? null;
    return {
      ...{ channel, adapter, pausedAt },
      state: adapter === null ? 'off' : pausedAt === null ? adapter.health().state : 'paused',
      waiting: parked.get(channel) ?? 0,
      lastInAt: kept?.last_in_at ?? null,
      lastOutAt: kept?.last_out_at ?? null,
    };
  });
}

/** The signed-in person's own account there, with their latest test message. */
export interface Own {
  readonly account: Account | null;
  readonly test: Delivery | null;
}

export async function ownOf({ deps, member }: StaffView, channel: ChannelName): Promise<Own> {
  const { db } = deps.core;
  const account = await openAccountOn(db, member.id, channel);
  return { account, test: account && (await lastTest(db, member.id, account.id)) };
}
