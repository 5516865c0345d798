import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { testPurpose } from '../messengers/test-message.ts';
import { noteTraffic } from '../messengers/traffic.ts';
import { changeAccount, findAccountByAddress } from '../store/accounts.ts';
import type { Delivery } from '../store/deliveries.ts';
import { moveDeliveries } from '../store/delivery-status.ts';
import { changeGroup, findGroupByAddress } from '../store/groups.ts';
import { acceptDeliveries } from '../store/sending.ts';
import type { Unit } from '../unit.ts';
import type { Addressee } from './destination.ts';
import { judge, type Outcome } from './outcome.ts';

export interface Result {
  readonly delivery: Delivery;
  readonly to: Addressee;
  readonly adapter: ChannelAdapter;
  readonly outcome: Outcome;
}

/** Writes down what became of these attempts. */
export async function record(unit: Unit, results: readonly Result[]): Promise<void> {
  const accepted = results.flatMap(({ delivery, outcome }) =>
    outcome.kind === 'accepted' ? [{ id: delivery.id, externalMessageId: outcome.externalMessageId }] : [],
  );
  const lagging = await acceptDeliveries(unit.db, accepted, unit.now);
  // Pressed while the platform's answer was on its way.
  if (lagging.length > 0) unit.ring({ kind: 'edit', ids: lagging, lane: 'person' });
  const used = results.filter((r) => r.outcome.kind === 'accepted').map((r) => r.to.channel);
  for (const channel of new Set(used)) await noteTraffic(unit, channel, 'out');
  for (const result of results) if (result.outcome.kind !== 'accepted') await recordOther(unit, result);
  for (const topic of topicsOf(results.map((r) => r.delivery))) unit.ring({ kind: 'changed', topic });
}

async function recordOther(unit: Unit, { delivery, to, adapter, outcome }: Result): Promise<void> {
  const verdict = judge(delivery, outcome, unit.now, adapter.capabilities.idempotentSend);
  const change = { ...verdict.change, claimed_at: null };
  await moveDeliveries(unit.db, ['sending', 'unknown'], (e) => e('id', '=', delivery.id), change);
  if (!verdict.accountGone) return;
  const moved = outcome.kind === 'error' ? outcome.error.movedTo : undefined;
  await (delivery.group_id === null ? closeAccount(unit, to, moved) : closeGroup(unit, to, moved));
  unit.ring({ kind: 'deliver', ids: [delivery.id], lane: delivery.lane });
}

async function closeAccount(unit: Unit, { id, channel }: Addressee, movedTo?: string): Promise<void> {
  if (movedTo !== undefined && !(await findAccountByAddress(unit.db, channel, movedTo))) {
    return changeAccount(unit.db, id, { external_id: movedTo });
  }
  await changeAccount(unit.db, id, { status: 'gone', gone_reason: 'blocked' });
  unit.ring({ kind: 'changed', topic: 'members' });
}

async function closeGroup(unit: Unit, { id, channel }: Addressee, movedTo?: string): Promise<void> {
  if (movedTo !== undefined && !(await findGroupByAddress(unit.db, channel, movedTo))) {
    return changeGroup(unit.db, id, { external_id: movedTo });
  }
  await changeGroup(unit.db, id, { status: 'closed' });
  unit.ring({ kind: 'changed', topic: 'messengers' });
}

/** The live pages that show these deliveries. */
export function topicsOf(deliveries: readonly Delivery[]): Set<string> {
  return new Set(
    deliveries.flatMap(({ subject_kind: kind, subject_id: id, purpose }) => {
      if (kind === 'announcement' || kind === 'poll') return [`${kind}:${id}`];
      return kind === 'group' || purpose === testPurpose ? ['messengers'] : [];
    }),
  );
}
