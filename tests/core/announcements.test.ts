import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement, undoConfirmation } from '../../core/announcements/confirm.ts';
import {
  pauseAnnouncement,
  resendUnknown,
  resumeAnnouncement,
  stopAnnouncement,
} from '../../core/announcements/control.ts';
import { correctAnnouncement } from '../../core/announcements/correct.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { sendAnnouncement } from '../../core/announcements/send.ts';
import type { Audience } from '../../core/audiences/audience.ts';
import { checkSomebody } from '../../core/audiences/reach.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { DomainError } from '../../core/domain-error.ts';
import { networkSettings, updateNetwork } from '../../core/network/settings.ts';
import { findAnnouncement } from '../../core/store/announcements.ts';
import { figuresOf } from '../../core/store/counts.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce, buttonsOf, mainOf, wordsOf } from './announcements-support.ts';

let t: TestCore;

// Monday 23 November 2026, 11:00 in Warsaw.
beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
});
afterEach(() => t.close());

const tx = <T>(work: Parameters<TestCore['core']['transaction']>[0]) =>
  t.core.transaction(work) as Promise<T>;
const statusOf = async (id: string) => (await findAnnouncement(t.database.db, id))?.status;
const countsOf = (id: string) => figuresOf(t.database.db, 'announcement', id);
const confirm = (announcementId: string, memberId: string) =>
  t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId, memberId }));
const undo = (announcementId: string, memberId: string) =>
  t.core.transaction((unit) => undoConfirmation(unit, { announcementId, memberId }));

async function addPeople(n: number): Promise<string[]> {
  const ids = Array.from({ length: n }, (_, i) => `p${String(i + 1).padStart(5, '0')}`);
  for (const id of ids) await addPerson(t, { id });
  return ids;
}

describe('sending', () => {
  it('reaches each person once, in their language, on the account used last', async () => {
    await addPerson(t, { id: 'ada', accounts: ['webchat', 'telegram'] });
    await addPerson(t, { id: 'bob', language: 'en' });
    const id = await announce(t);
    await t.settle();
    expect(wordsOf(t.channels.telegram.to('ada')[0])).toContain('Przegląd dźwigów');
    expect(wordsOf(t.channels.webchat.to('bob')[0])).toContain('Lift inspection');
    expect(t.channels.webchat.sent).toHaveLength(1);
    expect(await statusOf(id)).toBe('sent');
    expect(await countsOf(id)).toMatchObject({ recipients: 2, accepted: 2, pending: 0 });
  });

  it('writes down those who cannot be reached, with the reason', async () => {
    await addPerson(t, { id: 'stopped', status: 'stopped' });
    await addPerson(t, { id: 'listed', status: 'listed', accounts: [] });
    await addPerson(t, { id: 'bare', accounts: [] });
    await addPerson(t, { id: 'erased', status: 'erased', accounts: [] });
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    expect(await countsOf(id)).toMatchObject({ recipients: 4, unreachable: 3 });
    const { unreachable } = await announcementReport(t.database.db, id);
    expect(Object.fromEntries(unreachable.map((u) => [u.reason, u.people]))).toEqual({
      stopped: 1,
      notJoined: 1,
      noAccount: 1,
    });
    expect(await statusOf(id)).toBe('sent');
  });

  it('would reach nobody now, and may wait for those who join until its time', async () => {
    await addPerson(t, { id: 'stopped', status: 'stopped' });
    await addPerson(t, { id: 'ada', language: 'en' });
    const polish = { languages: ['pl'] } as const;
    const check = (audience: Audience, leavesAt?: number) =>
      t.core.transaction((unit) => checkSomebody(unit, audience, leavesAt));
    await expect(check(polish)).rejects.toMatchObject({
      key: 'announcements:errors.nobody',
      field: 'audience',
    });
    await check(polish, t.clock.now() + 1);
    await check({ except: polish });
  });

  it('waits for its time', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { sendAt: Date.parse('2026-11-24T09:00:00Z') });
    await t.settle();
    expect(await statusOf(id)).toBe('scheduled');
    await t.runUntil('2026-11-24T09:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it.each([
    ['taken away', { quietFrom: null, quietTo: null }, ['2026-11-23T19:10:00Z', 1]],
    ['shortened', { quietTo: '20:30' }, ['2026-11-23T19:30:00Z', 1]],
    ['prolonged', { quietTo: '09:00' }, ['2026-11-24T06:30:00Z', 0]],
    ['left as they are', { name: 'Park' }, ['2026-11-23T19:30:00Z', 0]],
  ] as const)('waits no longer than quiet hours that were %s meanwhile', async (_, change, [at, sent]) => {
    await addPerson(t, { id: 'ada' });
    t.clock.set('2026-11-23T19:00:00Z');
    await announce(t);
    await t.settle();
    const { revision } = await networkSettings(t.database.db);
    t.clock.set('2026-11-23T19:10:00Z');
    await tx((unit) => updateNetwork(unit, change, revision));
    await t.runUntil(at);
    expect(t.channels.webchat.to('ada')).toHaveLength(sent);
  });

  it('waits for the end of quiet hours unless it is urgent', async () => {
    await addPerson(t, { id: 'ada' });
    t.clock.set('2026-11-23T20:00:00Z');
    await announce(t, { reminders: { count: 0, everyHours: 24 } });
    const urgent = await announce(t, { urgent: true, title: { pl: 'Alarm', en: 'Alarm' } });
    await t.settle();
    expect(t.channels.webchat.sent.map((s) => wordsOf(s.message)[0])).toEqual(['Alarm']);
    expect(await statusOf(urgent)).toBe('sent');
    await t.runUntil('2026-11-24T06:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(2);
  });

  it('writes what is missing after the process died between two batches', async () => {
    await addPeople(1201);
    const id = await announce(t);
    let batches = 0;
    const dying = {
      ...t.core,
      transaction: (work: Parameters<typeof t.core.transaction>[0]) => {
        batches += 1;
        if (batches > 2) throw new Error('killed');
        return t.core.transaction(work);
      },
    } as typeof t.core;
    await expect(sendAnnouncement(dying, id)).rejects.toThrow('killed');
    expect(await statusOf(id)).toBe('sending');
    expect((await countsOf(id)).recipients).toBe(100);
    await t.settle();
    expect(await countsOf(id)).toMatchObject({ recipients: 1201, accepted: 1201 });
    expect(t.channels.webchat.sent).toHaveLength(1201);
    expect(await statusOf(id)).toBe('sent');
  });

  it('makes nothing twice when two workers fan out at once', async () => {
    await addPeople(700);
    const id = await announce(t);
    await Promise.all([sendAnnouncement(t.core, id), sendAnnouncement(t.core, id)]);
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(700);
  });

  it('does not become "sent" while its fan-out may still go on', async () => {
    await addPeople(600);
    const id = await announce(t);
    let batches = 0;
    const pausing = {
      ...t.core,
      transaction: async (work: Parameters<typeof t.core.transaction>[0]) => {
        batches += 1;
        if (batches === 3) await tx((unit) => pauseAnnouncement(unit, id));
        return t.core.transaction(work);
      },
    } as typeof t.core;
    await sendAnnouncement(pausing, id);
    expect(await statusOf(id)).toBe('paused');
    expect((await countsOf(id)).recipients).toBe(100);
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(0);
    await tx((unit) => resumeAnnouncement(unit, id));
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(600);
    expect(await statusOf(id)).toBe('sent');
  });

  it('leaves out who stopped between being written down and being sent to', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await sendAnnouncement(t.core, id);
    await t.database.db.updateTable('member').set({ status: 'stopped' }).where('id', '=', 'ada').execute();
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(0);
    expect(await mainOf(t, id, 'ada')).toMatchObject({ status: 'unreachable', reason: 'stopped' });
  });
});

describe('pausing and stopping', () => {
  it('paused before its time it waits, resumed it leaves at its time', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { sendAt: Date.parse('2026-11-24T09:00:00Z') });
    await tx((unit) => pauseAnnouncement(unit, id));
    await t.runUntil('2026-11-23T12:00:00Z');
    await tx((unit) => resumeAnnouncement(unit, id));
    expect(await statusOf(id)).toBe('scheduled');
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(0);
    await t.runUntil('2026-11-24T09:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it('paused past its time it leaves when resumed', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { sendAt: Date.parse('2026-11-24T09:00:00Z') });
    await tx((unit) => pauseAnnouncement(unit, id));
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(0);
    await tx((unit) => resumeAnnouncement(unit, id));
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it('stopped it says honestly what did not leave', async () => {
    await addPerson(t, { id: 'ada' });
    await addPerson(t, { id: 'bob' });
    const id = await announce(t);
    t.channels.webchat.failures.push(new ChannelError('Unavailable', 'down'));
    await sendAnnouncement(t.core, id);
    await tx((unit) => stopAnnouncement(unit, id));
    await t.runUntil('2026-11-30T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(0);
    expect(await mainOf(t, id, 'ada')).toMatchObject({ status: 'failed', reason: 'stopped' });
    expect(await countsOf(id)).toMatchObject({ recipients: 2, failed: 2, pending: 0 });
    await expect(tx((unit) => resumeAnnouncement(unit, id))).rejects.toThrow(DomainError);
    await expect(tx((unit) => pauseAnnouncement(unit, id))).rejects.toThrow(DomainError);
  });

  it.each(['stopped', 'paused'] as const)(
    '%s while being sent, a failed try is not repeated',
    async (how) => {
      await addPerson(t, { id: 'ada' });
      const id = await announce(t);
      const act = how === 'stopped' ? stopAnnouncement : pauseAnnouncement;
      const send = t.channels.webchat.send.bind(t.channels.webchat);
      t.channels.webchat.send = async () => {
        t.channels.webchat.send = send;
        await tx((unit) => act(unit, id));
        throw new ChannelError('Throttled', '429', { retryAfterMs: 1000 });
      };
      await t.runUntil('2026-11-23T11:00:00Z');
      expect(t.channels.webchat.sent).toHaveLength(0);
      expect((await mainOf(t, id, 'ada')).status).toBe(how === 'stopped' ? 'failed' : 'pending');
      if (how === 'paused') {
        await tx((unit) => resumeAnnouncement(unit, id));
        await t.settle();
        expect(t.channels.webchat.sent).toHaveLength(1);
      }
    },
  );
});

describe('read-back', () => {
  it('shows the time, counts once, on every messenger, and can be taken back for five minutes', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    const card = () => t.channels.webchat.to('ada')[0];
    expect(buttonsOf(card())).toEqual(['confirm', 'reply']);
    t.clock.set('2026-11-23T13:05:00Z');
    expect(await confirm(id, 'ada')).toEqual({ result: 'confirmed', at: t.clock.now() });
    await t.settle();
    expect(wordsOf(card())).toContain('Przeczytane ✓ 14:05');
    expect(buttonsOf(card())).toEqual(['undo', 'reply']);
    const first = t.clock.now();
    t.clock.advance(60_000);
    expect(await confirm(id, 'ada')).toEqual({ result: 'already', at: first });
    expect((await countsOf(id)).confirmed).toBe(1);

    expect(await undo(id, 'ada')).toEqual({ result: 'undone', at: first });
    await t.settle();
    expect(buttonsOf(card())).toEqual(['confirm', 'reply']);
    expect((await countsOf(id)).confirmed).toBe(0);
    expect(await undo(id, 'ada')).toEqual({ result: 'notConfirmed', at: null });

    await confirm(id, 'ada');
    t.clock.advance(5 * 60_000);
    expect((await undo(id, 'ada')).result).toBe('tooLate');
    await t.settle();
    expect(buttonsOf(card())).toEqual(['reply']);
    expect((await countsOf(id)).confirmed).toBe(1);
  });

  it('rings the live pages', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    t.signals.length = 0;
    await confirm(id, 'ada');
    expect(t.signals).toContainEqual({ kind: 'changed', topic: `announcement:${id}` });
  });

  it('confirmed on a reminder it counts for the announcement and changes both messages', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.runUntil('2026-11-24T10:00:00Z');
    const [, reminder] = t.channels.webchat.to('ada');
    expect(wordsOf(reminder)[0]).toMatch(/^Przypomnienie/);
    const { db } = t.database;
    const pressed = await db
      .selectFrom('delivery')
      .selectAll()
      .where('token', '=', reminder?.token ?? '')
      .executeTakeFirstOrThrow();
    await t.core.transaction((unit) => confirmAnnouncement(unit, pressed));
    await t.settle();
    for (const message of t.channels.webchat.to('ada')) {
      expect(wordsOf(message)).toContain('Przeczytane ✓ 11:00');
    }
    expect((await countsOf(id)).confirmed).toBe(1);
  });

  it('proves that what was unknown arrived', async () => {
    await addPerson(t, { id: 'ada' });
    t.channels.webchat.failures.push(new ChannelError('Unavailable', 'timeout', { maybeSent: true }));
    const id = await announce(t);
    await t.settle();
    expect(await mainOf(t, id, 'ada')).toMatchObject({ status: 'unknown', reason: 'noAnswer' });
    await confirm(id, 'ada');
    expect(await mainOf(t, id, 'ada')).toMatchObject({ status: 'accepted', reason: null });
  });

  it('is refused where none is asked and where there is no such delivery', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { confirm: false });
    await t.settle();
    expect(buttonsOf(t.channels.webchat.to('ada')[0])).toEqual(['reply']);
    await expect(confirm(id, 'ada')).rejects.toMatchObject({ key: 'announcements:errors.noConfirmation' });
    await expect(confirm(id, 'nobody')).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });
});

describe('reminders', () => {
  it('come twice, a day apart, only to those who have not confirmed', async () => {
    await addPerson(t, { id: 'ada' });
    await addPerson(t, { id: 'bob' });
    await addPerson(t, { id: 'eve', status: 'listed', accounts: [] });
    const id = await announce(t);
    await t.settle();
    await confirm(id, 'bob');
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.to('ada')).toHaveLength(2);
    await t.runUntil('2026-12-10T10:00:00Z');
    expect(t.channels.webchat.to('ada')).toHaveLength(3);
    expect(t.channels.webchat.to('bob')).toHaveLength(1);
    expect(await countsOf(id)).toMatchObject({ recipients: 3, accepted: 2 });
  });

  it('never come after confirming, even when one was under way', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    t.channels.webchat.failures.push(new ChannelError('Unavailable', 'down'));
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.to('ada')).toHaveLength(1);
    await confirm(id, 'ada');
    await t.runUntil('2026-12-10T10:00:00Z');
    expect(t.channels.webchat.to('ada')).toHaveLength(1);
  });

  it('keep quiet hours: sent in the evening, counted from the morning', async () => {
    await addPerson(t, { id: 'ada' });
    t.clock.set('2026-11-23T20:30:00Z');
    await announce(t, { reminders: { count: 2, everyHours: 1 } });
    await t.runUntil('2026-11-24T06:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
    await t.runUntil('2026-11-24T07:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(2);
    await t.runUntil('2026-11-24T08:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(3);
  });

  it('wait while paused and keep their number', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    await tx((unit) => pauseAnnouncement(unit, id));
    await t.runUntil('2026-11-27T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
    await tx((unit) => resumeAnnouncement(unit, id));
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(2);
    expect(await statusOf(id)).toBe('sent');
    await t.runUntil('2026-12-10T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(3);
  });

  it('end with the announcement', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    await tx((unit) => stopAnnouncement(unit, id));
    await t.runUntil('2026-12-10T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it('are as many as asked for', async () => {
    await addPerson(t, { id: 'ada' });
    await announce(t, { reminders: { count: 0, everyHours: 24 } });
    await t.runUntil('2026-12-10T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });
});

describe('correcting', () => {
  const correction = {
    title: { pl: 'Przegląd dźwigów', en: 'Lift inspection' },
    text: { pl: 'Dźwigi stoją 26 listopada.', en: 'No lifts on 26 November.' },
  };

  it('edits what was shown, says so, and is what leaves from then on', async () => {
    await addPerson(t, { id: 'ada' });
    await addPerson(t, { id: 'bob', language: 'en' });
    t.channels.webchat.failures.push((to) => (to === 'bob' ? new ChannelError('Unavailable', 'down') : null));
    t.channels.webchat.failures.push((to) => (to === 'bob' ? new ChannelError('Unavailable', 'down') : null));
    const id = await announce(t);
    await t.settle();
    await tx((unit) => correctAnnouncement(unit, id, correction, 1));
    await t.runUntil('2026-11-23T11:00:00Z');
    expect(wordsOf(t.channels.webchat.to('ada')[0])).toContain('Dźwigi stoją 26 listopada.');
    expect(wordsOf(t.channels.webchat.to('ada')[0])).toContain('Poprawione: 23 listopada 2026, 11:00');
    expect(wordsOf(t.channels.webchat.to('bob')[0])).toContain('No lifts on 26 November.');
  });

  it('reaches also what was on its way at that moment', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    const send = t.channels.webchat.send.bind(t.channels.webchat);
    t.channels.webchat.send = async (...args) => {
      t.channels.webchat.send = send;
      const sent = await send(...args);
      await tx((unit) => correctAnnouncement(unit, id, correction, 1));
      return sent;
    };
    await t.settle();
    expect(wordsOf(t.channels.webchat.to('ada')[0])).toContain('Dźwigi stoją 26 listopada.');
  });

  it('refuses the slower of two people', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await tx((unit) => correctAnnouncement(unit, id, correction, 1));
    await expect(tx((unit) => correctAnnouncement(unit, id, correction, 1))).rejects.toMatchObject({
      key: 'common:errors.conflict',
    });
  });

  it('keeps the reminders', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t);
    await t.settle();
    await tx((unit) => correctAnnouncement(unit, id, correction, 1));
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.to('ada')).toHaveLength(2);
  });
});

describe('resending the unknown', () => {
  it("is staff's own step and leaves the confirmed alone", async () => {
    await addPerson(t, { id: 'ada' });
    await addPerson(t, { id: 'bob' });
    const lost = () => new ChannelError('Unavailable', 'timeout', { maybeSent: true });
    t.channels.webchat.failures.push(lost(), lost());
    const id = await announce(t);
    await t.settle();
    expect(await countsOf(id)).toMatchObject({ unknown: 2 });
    await t.runUntil('2026-11-23T18:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(0);
    await confirm(id, 'bob');
    expect(await t.core.transaction((unit) => resendUnknown(unit, id))).toBe(1);
    await t.settle();
    expect(t.channels.webchat.to('ada')).toHaveLength(1);
    expect(t.channels.webchat.to('bob')).toHaveLength(0);
    expect(await countsOf(id)).toMatchObject({ unknown: 0, accepted: 2 });
    expect(await statusOf(id)).toBe('sent');
  });
});
