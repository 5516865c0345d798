import { finishSendings } from '../announcements/send.ts';
import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import { groupBy } from '../group-by.ts';
import { slices } from '../slices.ts';
import { moveDeliveries } from '../store/delivery-status.ts';
import { openDueMoments } from '../store/due-moments.ts';
import { editable } from '../store/edits.ts';
import { endWaits, interruptedSends, pendingDeliveries, waitsToEnd } from '../store/sending.ts';
import type { Core, Signal } from '../unit.ts';
import { topicsOf } from './record.ts';

/** A send that takes longer than this belongs to a process that died. Longer than any adapter's own timeout. */
export const sendingLeaseMs = 120_000;

/** Rung in one signal. */
const batch = 500;
/** Found in one sweep: a large broadcast whose bells were lost goes on at once, not by driblets. */
const most = 5000;

/**
 * Finds in the database what no bell will ring for any more (crash, emptied queue): due moments, deliveries that may leave,
 * messages to edit. Returns the signals to ring again; ringing twice is harmless. Announcements of which nothing is left to
 * send become 'sent' here.
 */
export async function sweep(core: Core): Promise<Signal[]> {
  await finishSendings(core);
  await wake(core);
  const now = core.clock.now();
  const moments = await openDueMoments(core.db, now, batch);
  const signals: Signal[] = moments.map(({ id, at }) => ({ kind: 'due', id, at }));
  for (const lane of ['person', 'broadcast'] as const) {
    const ids = await pendingDeliveries(core.db, lane, now, most);
    signals.push(...slices(ids, batch).map((part) => ({ kind: 'deliver', ids: part, lane }) as const));
  }
  const lagging = (await editable(core.db, most)).map((d) => d.id);
  signals.push(...slices(lagging, batch).map((ids) => ({ kind: 'edit', ids, lane: 'broadcast' }) as const));
  return signals;
}

/** What waited long enough is rung for at once, also while a long broadcast is being sent: its own bell is spent. */
async function wake(core: Core): Promise<void> {
  if (!(await waitsToEnd(core.db, core.clock.now()))) return;
  await core.transaction(async ({ db, now, ring }) => {
    for (const [lane, group] of groupBy(await endWaits(db, now, most), (d) => d.lane))
      for (const part of slices(group, batch))
        ring({ kind: 'deliver', ids: part.map((d) => d.id), lane, again: true });
  }, 'broadcast');
}

/**
 * Settles what a dead process left in the middle of sending: repeated where the platform tells twins apart, otherwise
 * `unknown`, for staff to see. `olderThanMs` is 0 at the start of the only process, the lease while several run.
 */
export async function settleInterrupted(
  core: Core,
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
  olderThanMs: number,
): Promise<number> {
  return core.transaction(async ({ db, now, ring }) => {
    const interrupted = await interruptedSends(db, now, olderThanMs, 10_000);
    for (const delivery of interrupted) {
      const adapter = delivery.channel ? adapters.get(delivery.channel) : undefined;
      await moveDeliveries(
        db,
        ['sending'],
        (e) => e('id', '=', delivery.id),
        adapter?.capabilities.idempotentSend
          ? { status: 'pending', reason: 'interrupted', claimed_at: null }
          : { status: 'unknown', reason: 'interrupted', claimed_at: null },
      );
    }
    for (const topic of topicsOf(interrupted)) ring({ kind: 'changed', topic });
    return interrupted.length;
  });
}
