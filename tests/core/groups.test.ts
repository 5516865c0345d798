import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseAnnouncement, resumeAnnouncement, stopAnnouncement } from '../../core/announcements/control.ts';
import { correctAnnouncement } from '../../core/announcements/correct.ts';
import { announcementPosts, postAgain } from '../../core/announcements/posts.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { learnGroups, listGroups } from '../../core/groups/group.ts';
import { takeEvent } from '../../core/inbox.ts';
import { pauseMessenger, resumeMessenger } from '../../core/messengers/pause.ts';
import { findAnnouncement } from '../../core/store/announcements.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce, buttonsOf, mainOf, wordsOf } from './announcements-support.ts';
import { addGroup, hall, pressIn, shownIn } from './groups-support.ts';

let t: TestCore;
let group: string;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
  group = await addGroup(t);
});
afterEach(() => t.close());

const report = (id: string) => announcementReport(t.core.db, id);
const posts = (id: string) => announcementPosts(t.core.db, id);
const states = async (id: string) => (await posts(id)).map((p) => [p.group.title, p.status, p.reason]);
const closed = new ChannelError('RecipientGone', 'not_in_channel');

describe('an announcement in a group', () => {
  it('is posted there in both languages, besides being sent to everybody', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { groups: [group] });
    await t.settle();
    expect(shownIn(t)).toHaveLength(1);
    expect(wordsOf(shownIn(t)[0])).toEqual([
      'Przegląd dźwigów',
      'Dźwigi stoją 25 listopada.',
      'Lift inspection',
      'No lifts on 25 November.',
    ]);
    expect(shownIn(t)[0]?.blocks.map((b) => b.type)).toEqual([
      ...['text', 'text', 'divider', 'text', 'text', 'actions'],
    ]);
    expect(buttonsOf(shownIn(t)[0])).toEqual(['confirm']);
    expect(await states(id)).toEqual([['#ogłoszenia', 'accepted', null]]);
    expect((await findAnnouncement(t.core.db, id))?.status).toBe('sent');
  });

  it('is in the only language the network speaks, or was written in', async () => {
    await announce(t, {
      ...{ groups: [group], overrideParity: true },
      ...{ title: { pl: 'Tylko po polsku' }, text: { pl: 'Treść.' } },
    });
    await t.settle();
    expect(wordsOf(shownIn(t)[0])).toEqual(['Tylko po polsku', 'Treść.']);
  });

  it('is nobody: no figure counts it', async () => {
    await addPerson(t, { id: 'ada' });
    const id = await announce(t, { groups: [group] });
    await t.settle();
    const { counts, byChannel, byLanguage } = await report(id);
    expect(counts).toMatchObject({ recipients: 1, accepted: 1, pending: 0, failed: 0, confirmed: 0 });
    expect([byChannel, byLanguage].map((parts) => parts.map((p) => p.recipients))).toEqual([[1], [1]]);
  });

  it('is only posted where Wici may write, and only once', async () => {
    await expect(announce(t, { groups: ['nowhere'] })).rejects.toMatchObject({
      ...{ key: 'announcements:errors.groupUnknown', field: 'groups' },
    });
    await t.core.transaction((unit) => learnGroups(unit, 'telegram', []));
    await expect(announce(t, { groups: [group] })).rejects.toMatchObject({ field: 'groups' });
    group = await addGroup(t, 'G2', 'Druga');
    await announce(t, { groups: [group, group] });
    await t.settle();
    expect(shownIn(t, 'G2')).toHaveLength(1);
  });

  it('waits out a pause and quiet hours, is stopped and corrected as everybody’s', async () => {
    const id = await announce(t, { groups: [group], sendAt: Date.parse('2026-11-23T20:30:00Z') });
    await t.runUntil('2026-11-23T21:00:00Z');
    expect(shownIn(t)).toEqual([]);
    expect(await states(id)).toEqual([['#ogłoszenia', 'pending', null]]);
    await t.core.transaction((unit) => pauseAnnouncement(unit, id));
    await t.runUntil('2026-11-24T08:00:00Z');
    expect(shownIn(t)).toEqual([]);
    await t.core.transaction((unit) => resumeAnnouncement(unit, id));
    await t.settle();
    const correction = { title: { pl: 'Poprawka', en: 'Correction' }, text: { pl: 'Nowe.', en: 'New.' } };
    await t.core.transaction((unit) => correctAnnouncement(unit, id, correction, 1));
    await t.settle();
    expect(shownIn(t)).toHaveLength(1);
    expect(wordsOf(shownIn(t)[0])).toEqual(expect.arrayContaining(['Poprawka', 'Correction']));
    const stopped = await announce(t, { groups: [group], sendAt: t.clock.now() + 1000 });
    await t.core.transaction((unit) => stopAnnouncement(unit, stopped));
    await t.runUntil('2026-11-24T09:00:00Z');
    expect(shownIn(t)).toHaveLength(1);
    expect(await states(stopped)).toEqual([['#ogłoszenia', 'failed', null]]);
  });

  it('waits for a paused messenger', async () => {
    await t.core.transaction((unit) => pauseMessenger(unit, 'telegram'));
    const id = await announce(t, { groups: [group] });
    await t.settle();
    expect(await states(id)).toEqual([['#ogłoszenia', 'pending', 'paused']]);
    await t.core.transaction((unit) => resumeMessenger(unit, 'telegram'));
    await t.settle();
    expect(await states(id)).toEqual([['#ogłoszenia', 'accepted', null]]);
  });

  it('that cannot be posted says so, the group is closed, and staff try again', async () => {
    t.channels.telegram.failures.push(closed);
    const id = await announce(t, { groups: [group] });
    await t.settle();
    expect(await states(id)).toEqual([['#ogłoszenia', 'unreachable', 'groupClosed']]);
    expect((await listGroups(t.core.db)).map((g) => g.open)).toEqual([false]);
    expect((await report(id)).counts).toMatchObject({ recipients: 0, unreachable: 0 });
    await t.core.transaction((unit) => postAgain(unit, id, group));
    await t.settle();
    expect(await states(id)).toEqual([['#ogłoszenia', 'accepted', null]]);
    expect((await listGroups(t.core.db)).map((g) => g.open)).toEqual([true]);
    await expect(t.core.transaction((unit) => postAgain(unit, id, group))).rejects.toMatchObject({
      key: 'announcements:errors.notResendable',
    });
  });

  it('that may not have arrived is tried again on staff’s word, and proven by a press on it', async () => {
    const silence = () => new ChannelError('Unavailable', 'timeout', { maybeSent: true });
    t.channels.telegram.failures.push(silence());
    const id = await announce(t, { groups: [group] });
    await t.settle();
    expect(await states(id)).toEqual([['#ogłoszenia', 'unknown', 'noAnswer']]);
    t.channels.telegram.failures.push(silence());
    await t.core.transaction((unit) => postAgain(unit, id, group));
    await t.settle();
    const { token } = await t.core.db.selectFrom('delivery').select('token').executeTakeFirstOrThrow();
    const message = { token, language: 'pl', blocks: [], deliveryId: 'd' } as const;
    await pressIn(t, { who: 'x', button: 'confirm', message, externalMessageId: 'm77' });
    expect(await states(id)).toEqual([['#ogłoszenia', 'accepted', null]]);
  });

  it('follows a group that moved to another address', async () => {
    t.channels.telegram.failures.push(new ChannelError('RecipientGone', 'moved', { movedTo: 'G9' }));
    const id = await announce(t, { groups: [group] });
    await t.settle();
    expect(shownIn(t, 'G9')).toHaveLength(1);
    expect(await states(id)).toEqual([['#ogłoszenia', 'accepted', null]]);
  });
});

describe('confirming in a group', () => {
  it('counts for a recipient once and changes their own message on whichever messenger', async () => {
    await addPerson(t, { id: 'ada', accounts: ['telegram', 'webchat'] });
    const id = await announce(t, { groups: [group] });
    await t.settle();
    const [message] = shownIn(t);
    expect(await pressIn(t, { who: 'ada', button: 'confirm', message })).toEqual({
      text: 'Potwierdzone. Dziękujemy.',
    });
    await t.settle();
    expect((await mainOf(t, id, 'ada')).confirmed_at).toBe(t.clock.now());
    expect(buttonsOf(t.channels.webchat.to('ada')[0])).toContain('undo');
    expect(await pressIn(t, { who: 'ada', button: 'confirm', message })).toEqual({
      text: 'To ogłoszenie jest już przez Ciebie potwierdzone.',
    });
    expect((await report(id)).counts).toMatchObject({ recipients: 1, confirmed: 1 });
    expect(t.channels.telegram.sent.map((s) => [s.externalId, s.edits])).toEqual([[hall, 0]]);
  });

  it('counts nothing of a member it was not for, nor of a stranger, and says so in their language', async () => {
    await addPerson(t, { id: 'ada' });
    await addPerson(t, { id: 'bob', language: 'en', accounts: ['telegram'] });
    const id = await announce(t, { groups: [group], audience: { members: ['ada'] } });
    await t.settle();
    const [message] = shownIn(t);
    const bob = await pressIn(t, { who: 'bob', button: 'confirm', message });
    expect(bob?.text).toContain('not addressed to you');
    const stranger = await pressIn(t, { who: 'x', button: 'confirm', message, languageHint: 'en-GB' });
    expect(stranger?.text).toContain('takes an invitation');
    expect(stranger?.invitation).toBeUndefined();
    await t.settle();
    expect((await report(id)).counts).toMatchObject({ recipients: 1, confirmed: 0 });
    const accounts = await t.core.db.selectFrom('account').select('external_id').execute();
    expect(accounts.map((a) => a.external_id)).not.toContain('x');
    expect(t.channels.telegram.sent).toHaveLength(1);
  });

  it('shows a stranger the way in where everybody may join', async () => {
    await t.core.db.updateTable('network').set({ joining: 'open' }).execute();
    await announce(t, { groups: [group] });
    await t.settle();
    const aside = await pressIn(t, { who: 'x', button: 'confirm', message: shownIn(t)[0] });
    expect(aside?.text).toContain('Tędy można dołączyć');
    expect(aside?.text.length).toBeLessThanOrEqual(200);
    expect(aside?.invitation).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(aside?.enter).toBeUndefined();
  });

  it('counts nothing when the button’s data was forged or carried elsewhere', async () => {
    await addPerson(t, { id: 'ada', accounts: ['telegram'] });
    await addPerson(t, { id: 'eve', accounts: ['telegram'] });
    const id = await announce(t, { groups: [group] });
    await t.settle();
    const [message] = shownIn(t);
    const own = t.channels.telegram.to('ada')[0];
    const old = { text: 'Ten przycisk już nie działa.' };
    expect(await pressIn(t, { who: 'ada', button: 'confirm', message, where: 'G7' })).toEqual(old);
    expect(await pressIn(t, { who: 'eve', button: 'confirm', message: own })).toEqual(old);
    expect(await pressIn(t, { who: 'ada', button: 'undo', message })).toEqual(old);
    expect((await report(id)).counts.confirmed).toBe(0);
  });

  it('is taken once however often the messenger says it', async () => {
    await addPerson(t, { id: 'ada', accounts: ['telegram'] });
    await announce(t, { groups: [group] });
    await t.settle();
    const event = {
      ...({ channel: 'telegram', externalEventId: 'twice', externalId: 'ada', type: 'action' } as const),
      ...{ token: shownIn(t)[0]?.token ?? '', id: 'confirm', values: [] },
      inGroup: { externalId: hall, reachable: false },
    } as const;
    expect((await takeEvent(t.core, event)).aside).toBeDefined();
    expect((await takeEvent(t.core, event)).aside).toBeUndefined();
  });
});

describe('a command typed in a group', () => {
  it('is answered in private, and the person told so in their language', async () => {
    await addPerson(t, { id: 'ada', accounts: ['telegram'], language: 'en' });
    const event = {
      ...({ channel: 'telegram', externalEventId: 'typed', externalId: 'ada', type: 'command' } as const),
      ...{ name: 'sondy', args: '' },
    };
    const inGroup = { externalId: hall, reachable: true };
    const { aside } = await takeEvent(t.core, { ...event, inGroup });
    await t.settle();
    expect(aside).toEqual({ text: 'It goes on in your private conversation with Wici.' });
    expect(t.channels.telegram.to('ada')).toHaveLength(1);
    expect(shownIn(t)).toEqual([]);
    const inPrivate = { ...event, externalEventId: 'typed in private' };
    expect((await takeEvent(t.core, inPrivate)).aside).toBeUndefined();
  });
});

describe('which groups there are', () => {
  it('is what the messenger lists: new ones come, those it no longer names are closed', async () => {
    const listed = [
      { externalId: hall, title: '#nowa nazwa', place: 'Serwer' },
      { externalId: 'G2', title: 'b' },
    ];
    await t.core.transaction((unit) => learnGroups(unit, 'telegram', listed));
    await t.core.transaction((unit) => learnGroups(unit, 'slack', []));
    await t.core.transaction((unit) => learnGroups(unit, 'telegram', listed.slice(0, 1)));
    expect((await listGroups(t.core.db)).map((g) => [g.title, g.place, g.open])).toEqual([
      ['#nowa nazwa', 'Serwer', true],
      ['b', null, false],
    ]);
  });

  it('is what it says of being let in and out, with the member who did it, and of a new name', async () => {
    await addPerson(t, { id: 'ada', accounts: ['telegram'] });
    const event = (n: number, who: string, change: 'letIn' | 'letOut' | 'renamed', title = 'Zarząd') =>
      takeEvent(t.core, {
        ...{ channel: 'telegram', externalEventId: `g${n}`, externalId: who, type: 'group', change },
        group: { externalId: 'G5', title },
      });
    const known = async (title = 'Zarząd') =>
      (await listGroups(t.core.db)).filter((g) => g.title === title).map((g) => [g.open, g.letInBy?.name]);
    await event(1, 'somebody', 'letIn');
    expect(await known()).toEqual([[true, undefined]]);
    await event(2, 'somebody', 'letOut');
    expect(await known()).toEqual([[false, undefined]]);
    await event(3, 'ada', 'letIn');
    expect(await known()).toEqual([[true, 'Osoba ada']]);
    await event(4, 'somebody', 'renamed', 'Rada');
    expect(await known('Rada')).toEqual([[true, 'Osoba ada']]);
    await event(5, 'somebody', 'letOut');
    await event(6, 'somebody', 'renamed');
    expect(await known()).toEqual([[false, 'Osoba ada']]);
  });
});
