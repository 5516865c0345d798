import { type ChannelName, isChannelName } from '../channels/channel-name.ts';
import type { UnreachableReason } from '../deliveries/reach.ts';
import { countCompanies, placesOfAudience } from '../store/audiences.ts';
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

/** How many people and companies an audience means now, and who of them cannot be reached and why. */
export async function audienceReach(
  db: Db,
  audience: Audience,
  channels: readonly ChannelName[],
): Promise<AudienceReach> {
  const byChannel: Partial<Record<ChannelName, number>> = {};
  const unreachable: Partial<Record<UnreachableReason, number>> = {};
  for (const { place, n } of await placesOfAudience(db, audience, channels)) {
    if (isChannelName(place)) byChannel[place] = n;
    else unreachable[place] = n;
  }
  const sum = (counts: object) => Object.values(counts).reduce((total: number, n: number) => total + n, 0);
  const reachable = sum(byChannel);
  const companies = await countCompanies(db, audience);
  return { people: reachable + sum(unreachable), companies, reachable, byChannel, unreachable };
}
