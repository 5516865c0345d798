import type { Delivery } from '../store/deliveries.ts';
import { acceptDeliveries } from '../store/sending.ts';
import type { Unit } from '../unit.ts';

/** The platform never said that it took this message; pressed, it is known to stand there, and under which id. */
export async function noteArrival(
  { db }: Unit,
  delivery: Delivery,
  { externalMessageId }: { readonly externalMessageId?: string },
): Promise<void> {
  if (delivery.status !== 'unknown' || externalMessageId === undefined) return;
  // Not the present moment: of an anonymous vote none is kept.
  await acceptDeliveries(db, [{ id: delivery.id, externalMessageId }], delivery.created_at);
}
