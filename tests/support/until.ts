import { setTimeout as wait } from 'node:timers/promises';

/** Resolves once `holds` does; fails after `ms`. For real processes and servers only: the core's tests never wait. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  ms = 10_000,
  what = 'the expected state',
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} was not reached within ${ms} ms`);
    await wait(20);
  }
}
