import { afterEach, expect, it, vi } from 'vitest';
import { steadyClock, systemClock } from '../../runtime/ids.ts';

afterEach(() => vi.useRealTimers());

it('waiting is measured by a clock that setting the machine’s clock does not move', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const before = { steady: steadyClock.now(), system: systemClock.now() };
  vi.setSystemTime(-3_600_000);
  expect(systemClock.now() - before.system).toBe(-3_600_000);
  expect(steadyClock.now() - before.steady).toBeGreaterThanOrEqual(0);
  expect(steadyClock.now() - before.steady).toBeLessThan(60_000);
});
