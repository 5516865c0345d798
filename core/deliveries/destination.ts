import type { ChannelName } from '../channels/channel-name.ts';
import type { Language } from '../language.ts';
import { networkSettings } from '../network/settings.ts';
import {
  type Account,
  type Address,
  accountsByIds,
  accountsOf,
  type MemberWithAccount,
  membersWithAccount,
} from '../store/accounts.ts';
import { pausedChannels } from '../store/channel-state.ts';
import type { Delivery } from '../store/deliveries.ts';
import { mayBeShown } from '../store/delivery-status.ts';
import { groupsByIds } from '../store/groups.ts';
import type { Db } from '../store/schema.ts';
import { reachOf, type UnreachableReason } from './reach.ts';

/** What a message is sent to, an account or a group: `delivery.group_id` tells which of the two. */
export type Addressee = Address;

export type Destination =
  | { readonly to: Addressee; readonly language: Language }
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
  const members = await readersOf(db, memberIds, channels);
  const named = deliveries.flatMap((d) => (d.lane === 'person' || mayBeShown(d) ? (d.account_id ?? []) : []));
  const wanted = new Map((await accountsByIds(db, named)).map((a) => [a.id, a]));
  const inGroup = await groupDestinations(db, deliveries, channels);
  return new Map(
    deliveries.map((d) => {
      const place =
        inGroup.get(d.id) ??
        destination(
          d,
          d.member_id === null ? undefined : members.get(d.member_id),
          d.account_id === null ? undefined : wanted.get(d.account_id),
          channels,
        );
      const waits = 'to' in place && paused.has(place.to.channel);
      return [d.id, waits ? { waitsFor: place.to.channel } : place];
    }),
  );
}

/** These members by id, each with the account they are written to on: the next one when the messenger used last is off. */
export async function readersOf(
  db: Db,
  ids: readonly string[],
  channels: readonly ChannelName[],
): Promise<Map<string, MemberWithAccount>> {
  const members = await membersWithAccount(db, ids);
  const elsewhere = members.filter(({ account }) => account !== null && !channels.includes(account.channel));
  const others = await accountsOf(
    db,
    elsewhere.map((m) => m.id),
  );
  const next = (id: string) =>
    others.find((a) => a.member_id === id && a.status === 'open' && channels.includes(a.channel)) ?? null;
  const found = new Map(members.map((m) => [m.id, m]));
  for (const m of elsewhere) found.set(m.id, { ...m, account: next(m.id) });
  return found;
}

/** What is posted in groups, in the network's own language where only one can be named. */
async function groupDestinations(
  db: Db,
  deliveries: readonly Delivery[],
  channels: readonly ChannelName[],
): Promise<Map<string, Destination>> {
  const posts = deliveries.flatMap(({ id, group_id }) => (group_id === null ? [] : [{ id, group_id }]));
  if (posts.length === 0) return new Map();
  const groups = new Map(
    (
      await groupsByIds(
        db,
        posts.map((p) => p.group_id),
      )
    ).map((g) => [g.id, g]),
  );
  const [language = 'pl'] = (await networkSettings(db)).languages;
  return new Map(
    posts.map(({ id, group_id }): [string, Destination] => {
      const group = groups.get(group_id);
      if (group?.status !== 'open') return [id, { reason: 'groupClosed' }];
      return [id, channels.includes(group.channel) ? { to: group, language } : { reason: 'channelOff' }];
    }),
  );
}

type Meant = Pick<Delivery, 'member_id' | 'subject_kind' | 'purpose'>;

/** What goes to the very account it was made for: an answer to what was just done there, and a home, which stands nowhere else. */
const ownPlace = ({ subject_kind, purpose }: Meant) =>
  subject_kind === 'dialog' || subject_kind === 'home' || purpose === 'shown';

/** Pure. `wanted` is the account it names: a person's own, or the one it may be shown on. */
export function destination(
  delivery: Meant,
  member: MemberWithAccount | undefined,
  wanted: Account | undefined,
  channels: readonly ChannelName[],
): Destination {
  const open = wanted?.status === 'open' && channels.includes(wanted.channel);
  // An answer goes where the person just wrote from, whether or not they have joined, stopped or were erased.
  if (wanted && open && (!member || ownPlace(delivery))) {
    return { to: wanted, language: member?.language ?? wanted.language };
  }
  if (!member) {
    if (!wanted) return { reason: 'noAccount' };
    return { reason: wanted.status === 'gone' ? 'blocked' : 'channelOff' };
  }
  if (delivery.subject_kind === 'home') return { reason: 'blocked' };
  const reach = reachOf(member, channels);
  if ('reason' in reach) return reach;
  const to = wanted && open ? wanted : member.account;
  return to ? { to, language: member.language } : { reason: 'blocked' };
}

/** Whose turn it is: what is said to one person is said and edited in order. */
export function ownerOf({ id, member_id, account_id }: Delivery): string {
  return member_id ?? account_id ?? id;
}
