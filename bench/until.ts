import { setTimeout as wait } from 'node:timers/promises';

/** Resolves once `condition` holds; rejects when it does not within `patienceMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  patienceMs: number,
  what: string,
  everyMs = 20,
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(everyMs);
  }
}
