import { afterEach, beforeEach, expect, it } from 'vitest';
import { runDueMoment } from '../../core/moments.ts';
import { schedule } from '../../core/outbox.ts';
import { openDueMoments } from '../../core/store/due-moments.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce } from './announcements-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
  await addPerson(t, { id: 'a' });
});
afterEach(() => t.close());

const open = () => openDueMoments(t.database.db, t.clock.now() + 1000, 10);

it('a moment whose work fails stays due', async () => {
  const id = await announce(t);
  const [moment] = await open();
  const real = t.core.transaction;
  const broken = { ...t.core, transaction: () => Promise.reject(new Error('database gone')) };
  await expect(runDueMoment(broken, moment?.id ?? '')).rejects.toThrow('database gone');
  expect((await open()).map((m) => m.id)).toEqual([moment?.id]);
  await runDueMoment({ ...t.core, transaction: real }, moment?.id ?? '');
  expect(await open()).toEqual([]);
  await t.settle();
  expect(t.channels.webchat.sent).toHaveLength(1);
  expect(id).not.toBe('');
});

it('a moment rung twice, too early or unknown does nothing', async () => {
  await announce(t, { sendAt: t.clock.now() + 1000 });
  const [moment] = await open();
  await runDueMoment(t.core, moment?.id ?? '');
  await runDueMoment(t.core, 'unknown');
  expect(await open()).toHaveLength(1);
  t.clock.advance(1000);
  await Promise.all([1, 2, 3].map(() => runDueMoment(t.core, moment?.id ?? '')));
  await t.settle();
  expect(t.channels.webchat.sent).toHaveLength(1);
});

it('a moment whose subject is gone is done quietly', async () => {
  const kinds = [
    'announcement.send',
    'announcement.remind',
    'poll.open',
    'poll.remind',
    'poll.close',
    'simulate',
  ] as const;
  await t.core.transaction(async (unit) => {
    for (const kind of kinds) {
      await schedule(unit, { kind, subjectId: 'none', revision: 1, at: unit.now });
    }
  });
  await t.settle();
  expect(await open()).toEqual([]);
});
