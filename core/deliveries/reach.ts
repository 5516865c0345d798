import type { ChannelName } from '../channels/channel-name.ts';
import type { Row } from '../store/schema.ts';

/** Why a person cannot be written to, or nothing posted in a group: a key under delivery.json "reason". */
export type UnreachableReason =
  | 'stopped'
  | 'erased'
  | 'notJoined'
  | 'noAccount'
  | 'blocked'
  | 'channelOff'
  | 'groupClosed';

export type Reach = { readonly channel: ChannelName } | { readonly reason: UnreachableReason };

/** The messenger a member is written to on now: of those that are on the one used last, or why there is none. Pure. */
export function reachOf(
  { status, ways }: Pick<Row<'member'>, 'status' | 'ways'>,
  channels: readonly ChannelName[],
): Reach {
  if (status === 'stopped') return { reason: 'stopped' };
  if (status === 'erased') return { reason: 'erased' };
  if (status === 'listed') return { reason: 'notJoined' };
  if (ways === 'noAccount' || ways === 'blocked') return { reason: ways };
  for (const way of ways.split(' ')) {
    const channel = channels.find((c) => c === way);
    if (channel) return { channel };
  }
  return { reason: 'channelOff' };
}
