import { holdEverything, openRestoration } from '../store/restorations.ts';
import type { Core } from '../unit.ts';

/**
 * At the first start after a restoration: what waited at the moment of the backup may have been sent since, so all of it is
 * kept back, with every moment that has come since, until staff decide. True when it was done now.
 */
export function holdRestored(core: Core): Promise<boolean> {
  return core.transaction(async ({ db, now }) => {
    const restoration = await openRestoration(db);
    if (!restoration || restoration.held_at !== null) return false;
    await holdEverything(db, now);
    return true;
  });
}
