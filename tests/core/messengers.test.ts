import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement } from '../../core/announcements/confirm.ts';
import { correctAnnouncement } from '../../core/announcements/correct.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { takeEvent } from '../../core/inbox.ts';
import { pauseMessenger, resumeMessenger } from '../../core/messengers/pause.ts';
import { lastTest, sendTestMessage } from '../../core/messengers/test-message.ts';
import { sayToMember } from '../../core/outbox.ts';
import { channelStates, countParked } from '../../core/store/channel-state.ts';
import { literal } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce, mainOf, wordsOf } from './announcements-support.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
});
afterEach(() => t.close());

const pause = (channel: ChannelName) => t.core.transaction((unit) => pauseMessenger(unit, channel));
const resume = (channel: ChannelName) => t.core.transaction((unit) => resumeMessenger(unit, channel));
const say = (memberId: string, words: string) =>
  t.core.transaction((unit) => sayToMember(unit, memberId, [{ type: 'text', text: literal(words) }]));
const write = (externalId: string, channel: ChannelName, text: string, id = `${channel}-${text}`) =>
  takeEvent(t.core, { channel, externalId, externalEventId: id, type: 'text', text });
const told = (channel: 'webchat' | 'telegram', id: string) =>
  t.channels[channel].to(id).map((message) => wordsOf(message).join('\n'));

describe('a paused messenger', () => {
  it('sends nothing; what was to go there waits, does not fall over to another one, and leaves once it is resumed', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    await addPerson(t, { id: 'b', accounts: ['webchat'] });
    await pause('telegram');
    const id = await announce(t);
    await t.settle();
    expect(t.channels.telegram.sent).toEqual([]);
    expect(told('webchat', 'a')).toEqual([]);
    expect(told('webchat', 'b')).toHaveLength(1);
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'pending', reason: 'paused' });
    expect(await countParked(t.core.db)).toEqual(new Map([['telegram', 1]]));
    await t.runUntil('2026-11-23T10:30:00Z');
    expect(t.channels.telegram.sent).toEqual([]);
    await resume('telegram');
    await t.settle();
    expect(told('telegram', 'a')).toHaveLength(1);
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'accepted', reason: null, channel: 'telegram' });
    expect(await countParked(t.core.db)).toEqual(new Map());
  });

  it('takes what people write, answers in order when resumed, and holds up no answer on another messenger', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    await pause('telegram');
    await write('a', 'telegram', '/pierwsze');
    await t.settle();
    await write('a', 'telegram', '/drugie', 'second');
    await t.settle();
    expect(t.channels.telegram.sent).toEqual([]);
    await write('a', 'webchat', 'na czacie');
    await t.settle();
    expect(told('webchat', 'a').length).toBeGreaterThan(0);
    const before = told('webchat', 'a').length;
    await say('a', 'x1');
    await say('a', 'x2');
    await t.settle();
    expect(told('webchat', 'a').slice(before)).toEqual(['x1', 'x2']);
    await resume('telegram');
    await t.settle();
    const rows = await t.core.db
      .selectFrom('delivery')
      .select(['id', 'external_message_id'])
      .where('account_id', '=', 'a-telegram')
      .orderBy('id')
      .execute();
    expect(rows.map((r) => r.external_message_id)).toEqual(
      t.channels.telegram.sent.map((s) => s.externalMessageId),
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
  });

  it('lets what waits follow its person to the messenger they use meanwhile', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    await pause('telegram');
    const id = await announce(t);
    await t.settle();
    t.clock.advance(5000);
    await write('a', 'webchat', 'teraz tutaj');
    await t.runUntil('2026-11-23T10:02:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'accepted', channel: 'webchat' });
    await resume('telegram');
    await t.settle();
    expect(told('telegram', 'a')).toEqual([]);
  });

  it('changes nothing shown either, and brings it up to date afterwards; others are not held up', async () => {
    await addPerson(t, { id: 'a', accounts: ['telegram'] });
    await addPerson(t, { id: 'b', accounts: ['webchat'] });
    const id = await announce(t);
    await t.settle();
    await pause('telegram');
    const title = { pl: 'Przegląd', en: 'Inspection' };
    const text = { pl: 'Poprawiony tekst', en: 'Corrected text' };
    await t.core.transaction((unit) =>
      correctAnnouncement(unit, id, { title, text }, 1, { overrideParity: true }),
    );
    await t.settle();
    expect(told('telegram', 'a').join()).not.toContain('Poprawiony');
    expect(told('webchat', 'b').join()).toContain('Poprawiony');
    await resume('telegram');
    await t.settle();
    expect(told('telegram', 'a').join()).toContain('Poprawiony');
  });

  it('does not keep a person who stopped meanwhile waiting for what they no longer want', async () => {
    await addPerson(t, { id: 'a', accounts: ['telegram'] });
    await pause('telegram');
    const id = await announce(t);
    await t.settle();
    await t.core.db.updateTable('member').set({ status: 'stopped' }).where('id', '=', 'a').execute();
    await resume('telegram');
    await t.settle();
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'unreachable', reason: 'stopped' });
  });

  it('is paused once and resumed without having been paused', async () => {
    await pause('slack');
    const since = (await channelStates(t.core.db)).get('slack')?.paused_at;
    t.clock.advance(60_000);
    await pause('slack');
    expect((await channelStates(t.core.db)).get('slack')?.paused_at).toBe(since);
    await resume('discord');
    await resume('slack');
    expect((await channelStates(t.core.db)).get('slack')?.paused_at).toBeNull();
  });

  it('counts a confirmation that comes in on it', async () => {
    await addPerson(t, { id: 'a', accounts: ['telegram'] });
    const id = await announce(t);
    await t.settle();
    await pause('telegram');
    await t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId: id, memberId: 'a' }));
    expect((await mainOf(t, id, 'a')).confirmed_at).not.toBeNull();
  });
});

describe('the last message of a messenger', () => {
  it('is known to the minute, in and out, with a write a minute at most', async () => {
    await addPerson(t, { id: 'a', accounts: ['telegram'] });
    const start = t.clock.now();
    for (let n = 0; n < 3; n++) {
      await write('a', 'telegram', `raz ${n}`);
      await t.settle();
      t.clock.advance(10_000);
    }
    const rung = t.signals.filter((s) => s.kind === 'changed' && s.topic === 'messengers');
    expect(rung).toHaveLength(2);
    const state = async () => (await channelStates(t.core.db)).get('telegram');
    expect(await state()).toMatchObject({ last_in_at: start, last_out_at: start, paused_at: null });
    t.clock.advance(60_000);
    await write('a', 'telegram', 'później');
    expect((await state())?.last_in_at).toBe(t.clock.now());
  });
});

describe('a test message', () => {
  it('goes to this very messenger, and says what became of it', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    await t.core.transaction((unit) => sendTestMessage(unit, 'a', 'webchat'));
    await t.settle();
    expect(told('webchat', 'a')).toHaveLength(1);
    expect(told('webchat', 'a')[0]).toContain('Wici');
    expect(await lastTest(t.core.db, 'a', 'a-webchat')).toMatchObject({ status: 'accepted' });
    expect(await lastTest(t.core.db, 'a', 'a-telegram')).toBeNull();
  });

  it.each([
    ['slack', 'messengers:errors.off'],
    ['telegram', 'messengers:errors.noAccount'],
  ] as const)('is refused on %s with %s', async (channel, key) => {
    await addPerson(t, { id: 'a', accounts: ['webchat'] });
    const sending = t.core.transaction((unit) => sendTestMessage(unit, 'a', channel));
    await expect(sending).rejects.toMatchObject({ key });
  });

  it('is refused while the messenger is paused', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat'] });
    await pause('webchat');
    const sending = t.core.transaction((unit) => sendTestMessage(unit, 'a', 'webchat'));
    await expect(sending).rejects.toMatchObject({ key: 'messengers:errors.paused' });
  });
});
