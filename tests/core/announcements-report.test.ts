import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement } from '../../core/announcements/confirm.ts';
import { announcementCsvRows } from '../../core/announcements/csv.ts';
import { announcementDeliveries, listAnnouncements } from '../../core/announcements/list.ts';
import {
  announcementCompanies,
  announcementReport,
  blockedOn,
  unconfirmedPeople,
  unreachablePeople,
} from '../../core/announcements/report.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { addReply } from '../../core/replies/replies.ts';
import { changeAccount } from '../../core/store/accounts.ts';
import { all } from '../support/all.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson, announce } from './announcements-support.ts';

let t: TestCore;
let id: string;

/** ada and bob of c1, cyd of c2 (Telegram, unknown), dan listed without company, eve refused by her messenger. */
beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
  await addCompany(t, 'c1', 'ict');
  await addCompany(t, 'c2', 'energy');
  await addPerson(t, { id: 'ada', company: 'c1' });
  await addPerson(t, { id: 'bob', company: 'c1', language: 'en' });
  await addPerson(t, { id: 'cyd', company: 'c2', accounts: ['telegram'] });
  await addPerson(t, { id: 'dan', status: 'listed', accounts: [] });
  await addPerson(t, { id: 'eve', company: 'c2' });
  t.channels.telegram.failures.push(new ChannelError('Unavailable', 'timeout', { maybeSent: true }));
  const refuse = (to: string) => (to === 'eve' ? new ChannelError('Rejected', 'no') : null);
  t.channels.webchat.failures.push(refuse, refuse, refuse);
  id = await announce(t);
  await t.settle();
});
afterEach(() => t.close());

const confirm = (memberId: string) =>
  t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId: id, memberId }));

describe('a report', () => {
  it('counts everybody once, and the groups add up to the whole', async () => {
    t.clock.advance(90_000);
    await confirm('ada');
    await t.core.transaction((unit) =>
      addReply(unit, { subjectKind: 'announcement', subjectId: id, memberId: 'bob', text: 'Hm' }),
    );
    const report = await announcementReport(t.database.db, id);
    expect(report.counts).toEqual({
      recipients: 5,
      pending: 0,
      accepted: 2,
      unknown: 1,
      unreachable: 1,
      failed: 1,
      confirmed: 1,
      replies: 1,
    });
    const companies = (await announcementCompanies(t.database.db, id)).items;
    expect(companies.map((g) => [g.id, g.recipients, g.confirmed])).toEqual([
      ['c2', 2, 0],
      ['c1', 2, 1],
      [null, 1, 0],
    ]);
    expect(report.byBranch.map((g) => [g.id, g.label?.pl, g.recipients])).toEqual([
      ['energy', 'energetyka i\u00a0OZE', 2],
      ['ict', 'ICT', 2],
      [null, undefined, 1],
    ]);
    expect(report.byLanguage.map((g) => [g.id, g.recipients])).toEqual([
      ['pl', 4],
      ['en', 1],
    ]);
    expect(report.byChannel.map((g) => [g.id, g.recipients])).toEqual([
      ['webchat', 3],
      [null, 1],
      ['telegram', 1],
    ]);
    for (const groups of [companies, report.byBranch, report.byLanguage, report.byChannel]) {
      expect(groups.reduce((sum, g) => sum + g.recipients, 0)).toBe(5);
      expect(groups.reduce((sum, g) => sum + g.replied, 0)).toBe(1);
    }
    expect(report.unconfirmed).toBe(2);
    const { items } = await unconfirmedPeople(t.database.db, id);
    expect(items.map((p) => p.memberId)).toEqual(['bob', 'cyd']);
    expect(report.unreachable).toEqual([{ reason: 'notJoined', people: 1 }]);
    expect((await unreachablePeople(t.database.db, id, 'notJoined')).items).toEqual([
      { memberId: 'dan', name: 'Osoba dan', company: null },
    ]);
  });

  it('tells where those it could not reach are gone, and of nobody else', async () => {
    await addPerson(t, { id: 'gil', accounts: ['telegram'] });
    await addPerson(t, { id: 'hal', accounts: ['webchat'] });
    await changeAccount(t.database.db, 'gil-telegram', { status: 'gone' });
    const reached = await announce(t, { audience: { members: ['hal'] } });
    const missed = await announce(t, { audience: { members: ['gil', 'hal'] } });
    await t.settle();
    expect(await blockedOn(t.database.db, missed)).toEqual(['telegram']);
    expect(await blockedOn(t.database.db, reached)).toEqual([]);
  });

  it('tells when half and nine tenths had confirmed, and not before', async () => {
    t.clock.advance(90_000);
    await confirm('ada');
    t.clock.advance(30_000);
    await confirm('bob');
    expect((await announcementReport(t.database.db, id)).secondsToHalf).toBeNull();
    t.clock.advance(60_400);
    await confirm('cyd');
    const report = await announcementReport(t.database.db, id);
    expect(report).toMatchObject({ secondsToHalf: 180, secondsTo90: null });
  });

  it('names nobody as unconfirmed when nobody was asked', async () => {
    const plain = await announce(t, { confirm: false });
    await t.settle();
    expect((await announcementReport(t.database.db, plain)).unconfirmed).toBe(0);
  });

  it('is refused for what there is not', async () => {
    await expect(announcementReport(t.database.db, 'none')).rejects.toMatchObject({
      key: 'common:errors.notFound',
    });
  });
});

it("CSV rows have the report's columns in the reader's language and the network's time", async () => {
  t.clock.advance(90_000);
  await confirm('ada');
  const rows = await all(announcementCsvRows(t.database.db, id, t.core.texts, 'en'));
  expect(rows[0]).toEqual([
    'Person',
    'Company',
    'Branch',
    'Language',
    'Messenger',
    'Status',
    'Reason',
    'Accepted at',
    'Confirmed at',
    'Replies',
  ]);
  expect(rows[1]).toEqual([
    'Osoba ada',
    'Firma c1',
    'ICT',
    'pl',
    'web chat',
    'confirmed',
    '',
    '2026-11-23 11:00',
    '2026-11-23 11:01',
    '0',
  ]);
  expect(rows.map((r) => r[5])).toEqual([
    'Status',
    'confirmed',
    'accepted',
    'unknown',
    'unreachable',
    'failed',
  ]);
  const polish = await all(announcementCsvRows(t.database.db, id, t.core.texts, 'pl'));
  expect(polish[4]?.slice(5, 7)).toEqual(['brak kontaktu', 'osoba jeszcze nie dołączyła']);
});

it('deliveries come in pages with the status a person is told', async () => {
  await confirm('ada');
  const first = await announcementDeliveries(t.database.db, id, { limit: 3 });
  expect(first.items.map((d) => [d.member?.id, d.status, d.reason])).toEqual([
    ['ada', 'confirmed', null],
    ['bob', 'accepted', null],
    ['cyd', 'unknown', 'noAnswer'],
  ]);
  const second = await announcementDeliveries(t.database.db, id, { limit: 3, cursor: first.next ?? '' });
  expect(second.items.map((d) => d.status)).toEqual(['unreachable', 'failed']);
  expect(second.next).toBeNull();
});

it('the list shows the newest first with their figures', async () => {
  const newer = await announce(t, { sendAt: t.clock.now() + 1000 });
  const { items } = await listAnnouncements(t.database.db);
  expect(items.map((a) => [a.id, a.status, a.counts.recipients])).toEqual([
    [newer, 'scheduled', 0],
    [id, 'sent', 5],
  ]);
  const page = await listAnnouncements(t.database.db, { limit: 1 });
  expect((await listAnnouncements(t.database.db, { limit: 1, cursor: page.next ?? '' })).items[0]?.id).toBe(
    id,
  );
});
