import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement } from '../../core/announcements/confirm.ts';
import { pauseAnnouncement } from '../../core/announcements/control.ts';
import { runDueMoment } from '../../core/moments.ts';
import { sayToMember } from '../../core/outbox.ts';
import { createPoll } from '../../core/polls/create.ts';
import { vote } from '../../core/polls/vote.ts';
import { holdRestored } from '../../core/restorations/hold.ts';
import { dropHeld, sendHeld } from '../../core/restorations/settle.ts';
import { restorationView } from '../../core/restorations/view.ts';
import { insertRestoration } from '../../core/store/restorations.ts';
import { literal } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce } from './announcements-support.ts';
import { hour } from './polls-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore();
  for (const id of ['ala', 'ola']) await addPerson(t, { id, accounts: ['telegram'] });
});
afterEach(() => t.close());

/** As if everything so far came out of a backup and is started two hours later. */
async function restored(): Promise<void> {
  const taken_at = t.clock.now();
  t.clock.advance(2 * hour);
  const at = t.clock.now();
  const row = { id: '1', taken_at, at, held_at: null, settled_at: null, sent: null };
  await insertRestoration(t.core.db, row);
  expect(await holdRestored(t.core)).toBe(true);
}

const sent = () => t.channels.telegram.sent.length;
const view = () => restorationView(t.core.db);
const poll = (closesIn: number, opensIn = 0) =>
  t.core.transaction((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Kiedy?', en: 'When?' },
        options: [
          { pl: 'Dziś', en: 'Today' },
          { pl: 'Jutro', en: 'Tomorrow' },
        ],
        ...{ multiple: false, anonymous: false, showResults: 'afterClose', urgent: true },
        ...{ opensAt: unit.now + opensIn, closesAt: unit.now + closesIn },
      },
      null,
    ),
  );
const statusOf = async (table: 'announcement' | 'poll', id: string) =>
  (await t.core.db.selectFrom(table).select('status').where('id', '=', id).executeTakeFirst())?.status;

describe('after a restoration', () => {
  it('nothing that waited at the moment of the backup leaves by itself', async () => {
    await announce(t, { urgent: true });
    await t.core.transaction((unit) => sayToMember(unit, 'ala', [{ type: 'text', text: literal('Cześć') }]));
    await restored();
    await t.settle();
    expect(sent()).toBe(0);
    const kept = await view();
    expect(kept).toMatchObject({ messages: 1 });
    expect(kept?.broadcasts).toMatchObject([{ kind: 'announcement', messages: 0, due: ['begin'] }]);
  });

  it('what is new leaves as ever, and what comes later than the restoration comes', async () => {
    const later = await announce(t, { urgent: true, sendAt: t.clock.now() + 5 * hour });
    await restored();
    await announce(t, { urgent: true });
    await t.settle();
    expect(sent()).toBe(2);
    expect(await statusOf('announcement', later)).toBe('scheduled');
    await t.runUntil('2026-11-23T16:00:00Z');
    expect(sent()).toBe(4);
  });

  it('staff may send it all: everybody gets it once', async () => {
    await announce(t, { urgent: true });
    await poll(48 * hour);
    await restored();
    await t.settle();
    await t.core.transaction((unit) => sendHeld(unit));
    await t.settle();
    expect(sent()).toBe(4);
    expect(await view()).toBeNull();
    await expect(t.core.transaction((unit) => sendHeld(unit))).rejects.toThrow('common:errors.notFound');
  });

  it('staff may drop it all: what had not begun is stopped, the figures say so, and nothing ever leaves', async () => {
    const notBegun = await announce(t, { urgent: true });
    const { id: closed } = await poll(hour);
    const { id: notOpened } = await poll(3 * hour, hour);
    await t.core.transaction((unit) => sayToMember(unit, 'ala', [{ type: 'text', text: literal('Cześć') }]));
    await restored();
    await t.core.transaction((unit) => dropHeld(unit));
    await t.settle();
    await t.runUntil('2026-11-26T16:00:00Z');
    expect(sent()).toBe(0);
    expect(await statusOf('announcement', notBegun)).toBe('stopped');
    expect(await statusOf('poll', closed)).not.toBe('open');
    expect(await statusOf('poll', notOpened)).toBe('stopped');
    const rows = await t.core.db.selectFrom('delivery').select(['status', 'reason']).execute();
    expect(rows).toEqual([{ status: 'failed', reason: 'dropped' }]);
  });

  it('a reminder and a closing that came due meanwhile are kept back, and dropped tell nobody', async () => {
    const id = await announce(t, { urgent: true, reminders: { count: 1, everyHours: 1 } });
    const pollId = (await poll(hour)).id;
    await t.settle();
    await t.core.transaction((unit) => vote(unit, { pollId, memberId: 'ala', values: [0] }));
    await t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId: id, memberId: 'ala' }));
    await t.settle();
    const before = sent();
    await restored();
    await t.settle();
    expect((await view())?.broadcasts.map((b) => b.due)).toEqual([['remind'], ['close']]);
    await t.core.transaction((unit) => dropHeld(unit));
    await t.settle();
    expect(sent()).toBe(before);
    expect(await statusOf('poll', pollId)).toBe('closed');
  });

  it('what staff pause meanwhile stays paused when the rest is sent', async () => {
    const id = await announce(t, { urgent: true });
    await t.core.transaction(({ db }) =>
      db.updateTable('member').set({ status: 'stopped' }).where('id', '=', 'ola').execute(),
    );
    const [due] = await t.core.db.selectFrom('due_moment').select('id').execute();

    await runDueMoment(t.core, String(due?.id));
    await restored();
    await t.core.transaction((unit) => pauseAnnouncement(unit, id));
    await t.core.transaction((unit) => sendHeld(unit));
    await t.settle();
    expect(sent()).toBe(0);
  });

  it('a second start changes nothing', async () => {
    await restored();
    await announce(t, { urgent: true });
    expect(await holdRestored(t.core)).toBe(false);
    await t.settle();
    expect(sent()).toBe(2);
  });
});
