import { openPollsFor } from '../polls/show.ts';
import { type Delivery, findDeliveryOf } from '../store/deliveries.ts';
import type { Db } from '../store/schema.ts';
import { unconfirmedFor } from '../store/shown-announcements.ts';

export interface Waiting {
  readonly announcements: readonly Delivery[];
  readonly polls: readonly Delivery[];
}

/** What waits for this member's answer, by the deliveries that asked for it: as far as it has left, so nothing held back. */
export async function waitingFor(db: Db, memberId: string, now: number, limit: number): Promise<Waiting> {
  const announcements = await unconfirmedFor(db, memberId, limit);
  const open = (await openPollsFor(db, memberId, now)).filter((poll) => !poll.voted);
  const asked = await Promise.all(
    open.slice(0, limit).map(({ id }) => findDeliveryOf(db, 'poll', id, 'main', memberId)),
  );
  return { announcements, polls: asked.filter((d) => d !== undefined).filter(hasLeft) };
}

const hasLeft = ({ status }: Delivery) => status !== 'pending' && status !== 'failed';
