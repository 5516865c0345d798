import type { Draft } from '../deliveries/content.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Db } from '../store/schema.ts';

/** What a delivery of a poll says now, or null when nothing is left to say. */
export async function pollCard(_db: Db, _delivery: Delivery, _now: number): Promise<Draft | null> {
  return null;
}
