import type { Delivery } from './deliveries.ts';

/** How long a delivery waits, and the hour at which that was written down; epoch ms. */
export type Wait = Pick<Delivery, 'not_before' | 'put_off_at'>;

export const waitUntil = (at: number, now: number): Wait => ({ not_before: at, put_off_at: now });

/** No hour of the clock: set back meanwhile, it would hold up what may leave at once. */
export const atOnce: Wait = { not_before: 0, put_off_at: null };
