import type { Draft } from '../deliveries/content.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Db } from '../store/schema.ts';

/** What an announcement's delivery says right now; null for a reminder that has become needless. */
export async function announcementCard(_db: Db, _delivery: Delivery, _now: number): Promise<Draft | null> {
  return null;
}
