import type { ChannelName } from '../channels/channel-name.ts';
import { reachOf, type UnreachableReason } from '../deliveries/reach.ts';
import { DomainError } from '../domain-error.ts';
import { countCompanies, waysOfAudience } from '../store/audiences.ts';
import type { Db } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
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
  for (const { n, ...people } of await waysOfAudience(db, audience)) {
    const reach = reachOf(people, channels);
    if ('channel' in reach) byChannel[reach.channel] = (byChannel[reach.channel] ?? 0) + n;
    else unreachable[reach.reason] = (unreachable[reach.reason] ?? 0) + n;
  }
  const sum = (counts: object) => Object.values(counts).reduce((total: number, n: number) => total + n, 0);
  const reachable = sum(byChannel);
  const companies = await countCompanies(db, audience);
  return { people: reachable + sum(unreachable), companies, reachable, byChannel, unreachable };
}

/**
 * Throws DomainError 'announcements:errors.nobody' when what a person of the staff is sending now would reach nobody: they
 * meant others. Later others may have joined; a program that sends is told by the counts.
 */
export async function checkSomebody(
  { db, now, channels }: Pick<Unit, 'db' | 'now' | 'channels'>,
  audience: Audience = {},
  leavesAt = now,
): Promise<void> {
  if (leavesAt > now) return;
  const ways = await waysOfAudience(db, audience);
  if (ways.some((people) => 'channel' in reachOf(people, channels))) return;
  throw new DomainError('announcements:errors.nobody', {}, 'audience');
}
