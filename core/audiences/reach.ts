import type { ChannelName } from '../channels/channel-name.ts';
import { reachOf, type UnreachableReason } from '../deliveries/reach.ts';
import { groupBy } from '../group-by.ts';
import { accountsOf } from '../store/accounts.ts';
import { type AudienceMember, membersOfAudience } from '../store/audiences.ts';
import type { Db } from '../store/schema.ts';
import type { Audience } from './audience.ts';

export interface AudienceReach {
  readonly people: number;
  /** Companies at least one of these people belongs to. */
  readonly companies: number;
  readonly reachable: number;
  /** The reachable by the messenger they would be written to on. */
  readonly byChannel: Readonly<Partial<Record<ChannelName, number>>>;
  readonly unreachable: Readonly<Partial<Record<UnreachableReason, number>>>;
}

export type MemberReach =
  | { readonly channel: ChannelName; readonly reason?: never }
  | { readonly reason: UnreachableReason };

/** Where each of these members would be written to now, or why nowhere. */
export async function membersReach(
  db: Db,
  members: readonly Pick<AudienceMember, 'id' | 'status'>[],
  channels: readonly ChannelName[],
): Promise<Map<string, MemberReach>> {
  const accounts = groupBy(
    await accountsOf(
      db,
      members.map((m) => m.id),
    ),
    (a) => a.member_id,
  );
  return new Map(
    members.map((member) => {
      const reach = reachOf(member, accounts.get(member.id) ?? [], channels);
      return [member.id, 'reason' in reach ? reach : { channel: reach.account.channel }];
    }),
  );
}

/** How many people and companies an audience means now, and who of them cannot be reached and why. */
export async function audienceReach(
  db: Db,
  audience: Audience,
  channels: readonly ChannelName[],
): Promise<AudienceReach> {
  const companies = new Set<string>();
  const byChannel: Partial<Record<ChannelName, number>> = {};
  const unreachable: Partial<Record<UnreachableReason, number>> = {};
  let people = 0;
  for await (const members of pagesOf(db, audience)) {
    people += members.length;
    for (const { company_id } of members) if (company_id) companies.add(company_id);
    for (const reach of (await membersReach(db, members, channels)).values()) {
      if (reach.reason === undefined) byChannel[reach.channel] = (byChannel[reach.channel] ?? 0) + 1;
      else unreachable[reach.reason] = (unreachable[reach.reason] ?? 0) + 1;
    }
  }
  const reachable = Object.values(byChannel).reduce((sum, n) => sum + n, 0);
  return { people, companies: companies.size, reachable, byChannel, unreachable };
}

async function* pagesOf(db: Db, audience: Audience): AsyncGenerator<AudienceMember[]> {
  const limit = 500;
  let after = '';
  for (;;) {
    const members = await membersOfAudience(db, audience, { after, limit });
    yield members;
    const last = members.at(-1);
    if (!last || members.length < limit) return;
    after = last.id;
  }
}
