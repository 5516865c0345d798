import type { ChannelName } from '../channels/channel-name.ts';
import type { Account } from '../store/accounts.ts';
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

export type Reach = { readonly account: Account } | { readonly reason: UnreachableReason };

/**
 * Where a member is written to now: the open account used last on a messenger that is on, or why nowhere. Pure.
 * `accounts` come newest used first.
 */
export function reachOf(
  member: Pick<Row<'member'>, 'status'>,
  accounts: readonly Account[],
  channels: readonly ChannelName[],
): Reach {
  if (member.status === 'stopped') return { reason: 'stopped' };
  if (member.status === 'erased') return { reason: 'erased' };
  if (member.status === 'listed') return { reason: 'notJoined' };
  if (accounts.length === 0) return { reason: 'noAccount' };
  const open = accounts.filter((a) => a.status === 'open');
  if (open.length === 0) return { reason: 'blocked' };
  const account = open.find((a) => channels.includes(a.channel));
  return account ? { account } : { reason: 'channelOff' };
}
