import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import { groupBy } from '../group-by.ts';
import type { Language } from '../language.ts';
import { park } from '../store/channel-state.ts';
import type { Delivery } from '../store/deliveries.ts';
import { mayBeShown } from '../store/delivery-status.ts';
import type { Db } from '../store/schema.ts';
import { loseDeliveries } from '../store/sending.ts';
import { waitUntil } from '../store/wait.ts';
import type { Unit } from '../unit.ts';
import { type Addressee, type Destination, destinations, type Waits } from './destination.ts';
import { topicsOf } from './record.ts';

/** What waits for a paused messenger is looked at again after this: its person may have moved to another one. */
const lookAgainMs = 60_000;

export interface Placed {
  readonly delivery: Delivery;
  readonly to: Addressee;
  readonly adapter: ChannelAdapter;
  readonly language: Language;
}

interface Lost {
  readonly delivery: Delivery;
  readonly reason: string;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly channel: ChannelName;
}

export interface Unplaced {
  /** Those that go nowhere. */
  readonly lost: readonly Lost[];
  /** Those whose messenger is paused. */
  readonly waiting: readonly Waiting[];
}

/** Pairs each delivery with the account or group it goes to. */
export async function place(
  db: Db,
  deliveries: readonly Delivery[],
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
): Promise<{ placed: Placed[] } & Unplaced> {
  const where = await destinations(db, deliveries, [...adapters.keys()]);
  const placed: Placed[] = [];
  const lost: Lost[] = [];
  const waiting: Waiting[] = [];
  for (const delivery of deliveries) {
    const found: Destination | Waits = where.get(delivery.id) ?? { reason: 'noAccount' };
    if ('waitsFor' in found) {
      waiting.push({ delivery, channel: found.waitsFor });
      continue;
    }
    const adapter = 'to' in found ? adapters.get(found.to.channel) : undefined;
    if ('to' in found && mayBeShown(delivery) && found.to.id !== (delivery.group_id ?? delivery.account_id))
      lost.push({ delivery, reason: 'noAnswer' });
    else if ('to' in found && adapter) placed.push({ delivery, adapter, ...found });
    else lost.push({ delivery, reason: 'reason' in found ? found.reason : 'channelOff' });
  }
  return { placed, lost, waiting };
}

/** Writes down of those that do not leave now why, or that they wait. */
export async function settleUnplaced({ db, ring, now }: Unit, { lost, waiting }: Unplaced): Promise<void> {
  const parked = waiting.map(({ delivery, channel }) => ({ id: delivery.id, channel }));
  await park(db, parked, waitUntil(now + lookAgainMs, now));
  for (const [reason, group] of groupBy(lost, (l) => l.reason)) {
    await loseDeliveries(
      db,
      group.map((l) => l.delivery.id),
      reason,
    );
  }
  const settled = [...lost, ...waiting].map((u) => u.delivery);
  for (const topic of topicsOf(settled)) ring({ kind: 'changed', topic });
}
