import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcementReplies } from '../../core/announcements/list.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { answerReply } from '../../core/replies/answer.ts';
import { listReplies } from '../../core/replies/list.ts';
import { addReply, markHandled } from '../../core/replies/replies.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson, announce, mainOf, wordsOf } from './announcements-support.ts';

let t: TestCore;
let announcement: string;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
  await addCompany(t, 'c1', 'ict');
  await addPerson(t, { id: 'ada', company: 'c1' });
  await addPerson(t, { id: 'bob', language: 'en' });
  await addPerson(t, { id: 'sam', role: 'staff' });
  announcement = await announce(t);
  await t.settle();
});
afterEach(() => t.close());

const write = (memberId: string, text: string, subjectId = announcement) =>
  t.core.transaction((unit) => addReply(unit, { subjectKind: 'announcement', subjectId, memberId, text }));
const answer = (replyId: string, text: string, staffId: string | null = null) =>
  t.core.transaction((unit) => answerReply(unit, { replyId, text, staffId }));
const said = (memberId: string) => t.channels.webchat.to(memberId).slice(1);

describe('what a member writes', () => {
  it('stands with its announcement, in the inbox and in the figures', async () => {
    t.signals.length = 0;
    const id = await write('ada', '  O której godzinie?\u0000 ');
    expect(t.signals).toContainEqual({ kind: 'changed', topic: 'inbox' });
    expect(t.signals).toContainEqual({ kind: 'changed', topic: `announcement:${announcement}` });
    const { items } = await listReplies(t.database.db, { open: true });
    expect(items).toEqual([
      {
        id,
        subject: {
          kind: 'announcement',
          id: announcement,
          title: { pl: 'Przegląd dźwigów', en: 'Lift inspection' },
        },
        member: { id: 'ada', name: 'Osoba ada' },
        company: { id: 'c1', name: 'Firma c1' },
        text: 'O której godzinie?',
        at: t.clock.now(),
        handledAt: null,
        answers: [],
      },
    ]);
    await write('ada', 'I jeszcze jedno');
    const report = await announcementReport(t.database.db, announcement);
    expect([report.counts.replies, report.replied]).toEqual([2, 1]);
  });

  it.each([
    ['   ', 'empty'],
    ['x'.repeat(4001), 'tooLong'],
  ])('is refused kindly: %#', async (text, key) => {
    await expect(write('ada', text)).rejects.toMatchObject({ key: `replies:errors.${key}` });
  });

  it('is refused where no replies are taken and where there is nothing to reply to', async () => {
    const silent = await announce(t, { replies: false });
    await expect(write('ada', 'a', silent)).rejects.toMatchObject({ key: 'replies:errors.notAllowed' });
    await expect(write('ada', 'a', 'none')).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });

  it('comes in pages, newest first', async () => {
    for (const n of [1, 2, 3]) await write('ada', `nr ${n}`);
    const first = await announcementReplies(t.database.db, announcement, { limit: 2 });
    expect(first.items.map((r) => r.text)).toEqual(['nr 3', 'nr 2']);
    const second = await announcementReplies(t.database.db, announcement, {
      limit: 2,
      cursor: first.next ?? '',
    });
    expect(second.items.map((r) => r.text)).toEqual(['nr 1']);
    expect(second.next).toBeNull();
  });
});

describe('an answer', () => {
  it('reaches the member under the announcement, quoting their own words, in their language', async () => {
    await answer(await write('ada', 'O której?'), 'O 10.');
    await answer(await write('bob', 'When?'), 'At 10.', 'sam');
    await t.settle();
    expect(wordsOf(said('ada')[0])).toEqual(['O której?', 'Zespół: O 10.']);
    expect(wordsOf(said('bob')[0])).toEqual(['When?', 'Osoba sam (staff): At 10.']);
    expect(said('ada')[0]?.replyTo).toBe((await mainOf(t, announcement, 'ada')).external_message_id);
  });

  it('goes to the account used last, as a plain message when the announcement stands on another', async () => {
    await insertAccounts(t.database.db, [
      {
        id: 'ada-telegram',
        channel: 'telegram',
        external_id: 'ada',
        member_id: 'ada',
        status: 'open',
        gone_reason: null,
        display_name: null,
        language: 'pl',
        last_used_at: t.clock.now() + 1,
        created_at: t.clock.now(),
      },
    ]);
    await answer(await write('ada', 'O której?'), 'O 10.');
    await t.settle();
    const [message] = t.channels.telegram.to('ada');
    expect(wordsOf(message)).toEqual(['O której?', 'Zespół: O 10.']);
    expect(message?.replyTo).toBeUndefined();
  });

  it('handles what the member wrote up to then and stands beside it', async () => {
    const first = await write('ada', 'Raz');
    const second = await write('ada', 'Dwa');
    await write('bob', 'Other');
    await answer(second, 'Już wiemy');
    const open = await listReplies(t.database.db, { open: true });
    expect(open.items.map((r) => r.text)).toEqual(['Other']);
    const all = await listReplies(t.database.db, { subject: { kind: 'announcement', id: announcement } });
    expect(all.items.find((r) => r.id === first)?.answers.map((a) => a.text)).toEqual(['Już wiemy']);
  });

  it('says nothing to somebody who stopped', async () => {
    const id = await write('ada', 'Koniec');
    await t.database.db.updateTable('member').set({ status: 'stopped' }).where('id', '=', 'ada').execute();
    await answer(id, 'Szkoda');
    await t.settle();
    expect(said('ada')).toEqual([]);
  });

  it('quotes long words shortly and refuses an empty answer', async () => {
    const id = await write('ada', 'ą'.repeat(4000));
    await expect(answer(id, ' ')).rejects.toMatchObject({ key: 'replies:errors.empty' });
    await answer(id, 'Dobrze');
    await t.settle();
    expect(wordsOf(said('ada')[0])[0]).toHaveLength(201);
  });

  it('needs a reply of a member', async () => {
    const id = await answer(await write('ada', 'a'), 'b');
    await expect(answer(id, 'c')).rejects.toMatchObject({ key: 'common:errors.notFound' });
    await expect(answer('none', 'c')).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });
});

it('marked as handled leaves the inbox without a word to the member', async () => {
  const id = await write('ada', 'Dziękuję');
  await t.core.transaction((unit) => markHandled(unit, id));
  await t.settle();
  expect((await listReplies(t.database.db, { open: true })).items).toEqual([]);
  expect(said('ada')).toEqual([]);
});
