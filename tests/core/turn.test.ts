import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { breath } from '../../core/turn.ts';

let now = 0;

beforeEach(async () => {
  // Whatever asked before in this turn.
  await nextTurn();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
});

it('work goes on while its turn of the loop is short', () => {
  expect([breath(), breath(), breath()]).toEqual([null, null, null]);
});

it('once a turn has lasted, others have theirs before the work goes on', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('somebody else'));
  for (const step of ['first', 'second', 'third']) {
    await breath();
    order.push(step);
    now += 1.5;
  }
  expect(order).toEqual(['first', 'somebody else', 'second', 'third']);
});
