import type { ChannelName } from '../channels/channel-name.ts';
import { groupBy } from '../group-by.ts';
import type { Language } from '../language.ts';
import { type Account, accountsByIds, accountsOf } from '../store/accounts.ts';
import { pausedChannels } from '../store/channel-state.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type Member, membersByIds } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import { reachOf, type UnreachableReason } from './reach.ts';

export type Destination =
  | { readonly account: Account; readonly language: Language }
  | { readonly reason: UnreachableReason };

/** The messenger it would go to is paused: it waits rather than going elsewhere. */
export interface Waits {
  readonly waitsFor: ChannelName;
}

/** Where each of these deliveries goes as things stand now, or why nowhere. */
export async function destinations(
  db: Db,
  deliveries: readonly Delivery[],
  channels: readonly ChannelName[],
): Promise<Map<string, Destination | Waits>> {
  const paused = await pausedChannels(db);
  const memberIds = [...new Set(deliveries.flatMap((d) => d.member_id ?? []))];
  const members = new Map((await membersByIds(db, memberIds)).map((m) => [m.id, m]));
  const owned = groupBy(await accountsOf(db, memberIds), (a) => a.member_id);
  const named = deliveries.flatMap((d) => (d.lane === 'person' ? (d.account_id ?? []) : []));
  const wanted = new Map((await accountsByIds(db, named)).map((a) => [a.id, a]));
  return new Map(
    deliveries.map((d) => {
      const place = destination(
        d,
        d.member_id === null ? undefined : members.get(d.member_id),
        d.member_id === null ? [] : (owned.get(d.member_id) ?? []),
        d.account_id === null ? undefined : wanted.get(d.account_id),
        channels,
      );
      const waits = 'account' in place && paused.has(place.account.channel);
      return [d.id, waits ? { waitsFor: place.account.channel } : place];
    }),
  );
}

/** Pure. `accounts` come newest used first; `wanted` is the account a person's delivery names. */
export function destination(
  delivery: Pick<Delivery, 'member_id' | 'subject_kind'>,
  member: Member | undefined,
  accounts: readonly Account[],
  wanted: Account | undefined,
  channels: readonly ChannelName[],
): Destination {
  const open = wanted?.status === 'open' && channels.includes(wanted.channel);
  // An answer in a dialog goes where the person just wrote from, whether or not they have joined, stopped or were erased.
  if (wanted && open && (!member || delivery.subject_kind === 'dialog')) {
    return { account: wanted, language: member?.language ?? wanted.language };
  }
  if (!member) {
    if (!wanted) return { reason: 'noAccount' };
    return { reason: wanted.status === 'gone' ? 'blocked' : 'channelOff' };
  }
  const reach = reachOf(member, accounts, channels);
  if ('reason' in reach) return reach;
  return { account: wanted && open ? wanted : reach.account, language: member.language };
}
