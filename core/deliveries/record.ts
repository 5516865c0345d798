import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { testPurpose } from '../messengers/test-message.ts';
import { noteTraffic } from '../messengers/traffic.ts';
import { type Account, changeAccount, findAccountByAddress } from '../store/accounts.ts';
import { changeDelivery, type Delivery } from '../store/deliveries.ts';
import { acceptDeliveries } from '../store/sending.ts';
import type { Unit } from '../unit.ts';
import { judge, type Outcome } from './outcome.ts';

export interface Result {
  readonly delivery: Delivery;
  readonly account: Account;
  readonly adapter: ChannelAdapter;
  readonly outcome: Outcome;
}

/** Writes down what became of these attempts. */
export async function record(unit: Unit, results: readonly Result[]): Promise<void> {
  const accepted = results.flatMap(({ delivery, outcome }) =>
    outcome.kind === 'accepted' ? [{ id: delivery.id, externalMessageId: outcome.externalMessageId }] : [],
  );
  await acceptDeliveries(unit.db, accepted, unit.now);
  const used = results.filter((r) => r.outcome.kind === 'accepted').map((r) => r.account.channel);
  for (const channel of new Set(used)) await noteTraffic(unit, channel, 'out');
  for (const result of results) if (result.outcome.kind !== 'accepted') await recordOther(unit, result);
  for (const topic of topicsOf(results.map((r) => r.delivery))) unit.ring({ kind: 'changed', topic });
}

async function recordOther(unit: Unit, { delivery, account, adapter, outcome }: Result): Promise<void> {
  const verdict = judge(delivery, outcome, unit.now, adapter.capabilities.idempotentSend);
  await changeDelivery(unit.db, delivery.id, { ...verdict.change, claimed_at: null });
  if (!verdict.accountGone) return;
  const moved = outcome.kind === 'error' ? outcome.error.movedTo : undefined;
  if (moved !== undefined && !(await findAccountByAddress(unit.db, account.channel, moved))) {
    await changeAccount(unit.db, account.id, { external_id: moved });
  } else {
    await changeAccount(unit.db, account.id, { status: 'gone', gone_reason: 'blocked' });
    unit.ring({ kind: 'changed', topic: 'members' });
  }
  unit.ring({ kind: 'deliver', ids: [delivery.id], lane: delivery.lane });
}

/** The live pages that show these deliveries. */
export function topicsOf(deliveries: readonly Delivery[]): Set<string> {
  return new Set(
    deliveries.flatMap(({ subject_kind: kind, subject_id: id, purpose }) => {
      if (kind === 'announcement' || kind === 'poll') return [`${kind}:${id}`];
      return purpose === testPurpose ? ['messengers'] : [];
    }),
  );
}
