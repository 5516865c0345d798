import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { audienceReach } from '../../core/audiences/reach.ts';
import { takeEvent } from '../../core/inbox.ts';
import { membersOfAudience } from '../../core/store/audiences.ts';
import { sqliteDriver } from '../../runtime/sqlite-driver.ts';
import { addPerson, announce } from '../core/announcements-support.ts';
import { openPollNow } from '../core/polls-support.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { openTestCore } from '../support/test-core.ts';

/** Tables with a row or more for each person. */
const grown = ['delivery', 'member', 'account', 'ballot', 'inbound_event', 'webchat_message', 'conversation'];
const everybody = new RegExp(`^SCAN "?(${grown.join('|')})\\b`);
const allOfASubject = /^SEARCH delivery .*\(subject_kind=\? AND subject_id=\?\)$/;

/** What SQLite would do for each statement prepared so far. */
function plansOf(file: string, statements: readonly string[]): { statement: string; step: string }[] {
  const database = new (sqliteDriver())(file, { readonly: true });
  onTestFinished(() => void database.close());
  return statements
    .filter((statement) => /^(select|update|insert|delete)/i.test(statement))
    .flatMap((statement) => {
      const values = Array.from(statement.matchAll(/\?/g), () => null);
      const steps = database.prepare(`explain query plan ${statement}`).all(values) as { detail: string }[];
      return steps.map(({ detail }) => ({ statement, step: detail }));
    });
}

/** Whose plans are asked for are SQLite's, whatever the other tests run on. */
async function openOnSqlite() {
  vi.stubEnv('WICI_TEST_POSTGRES', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = join(tempFolder(), 'wici.db');
  const t = await openTestCore(undefined, undefined, file);
  onTestFinished(() => t.close());
  return { file, t };
}

it('What one person presses or writes looks up their own rows only, however many were asked', async () => {
  const { file, t } = await openOnSqlite();
  await addPerson(t, { id: 'ada', accounts: ['webchat'] });
  await announce(t);
  await openPollNow(t);
  await t.settle();
  const prepare = vi.spyOn(sqliteDriver().prototype, 'prepare');
  onTestFinished(() => prepare.mockRestore());

  let n = 0;
  const person = { channel: 'webchat', externalId: 'ada' } as const;
  const hear = async (event: object) => {
    await takeEvent(t.core, { ...person, externalEventId: String(++n), ...event } as never);
    await t.settle();
  };
  const [announcement, poll] = t.channels.webchat.to('ada');
  await hear({ type: 'action', token: announcement?.token, id: 'confirm', values: [] });
  await hear({ type: 'action', token: announcement?.token, id: 'undo', values: [] });
  await hear({ type: 'action', token: poll?.token, id: 'vote', values: ['0'] });
  await hear({ type: 'text', text: 'Brama nie działa.' });
  await hear({ type: 'command', name: 'menu', args: '' });

  const plans = plansOf(
    file,
    prepare.mock.calls.map(([statement]) => statement),
  );
  expect(plans.length).toBeGreaterThan(20);
  expect(plans.filter(({ step }) => everybody.test(step) || allOfASubject.test(step))).toEqual([]);
});

const oftenWritten = new RegExp(`^(SCAN|SEARCH) "?(${grown.join('|')})\\b`);

it('An audience is counted from one index, and written to page by page in the order of its ids', async () => {
  const { file, t } = await openOnSqlite();
  const prepare = vi.spyOn(sqliteDriver().prototype, 'prepare');
  onTestFinished(() => prepare.mockRestore());
  const audiences = [
    {},
    { branches: ['ict'], languages: ['pl'] as const },
    { except: { tags: ['t7'] } },
    { tags: ['t7'], except: { branches: ['ict'] } },
  ];
  const stepsOf = () =>
    plansOf(
      file,
      prepare.mock.calls.map(([statement]) => statement),
    ).map(({ step }) => step);

  for (const audience of audiences) await audienceReach(t.core.db, audience, ['webchat']);
  const counting = stepsOf().filter((step) => oftenWritten.test(step));
  expect(counting.length).toBeGreaterThan(0);
  for (const step of counting) expect(step).toContain('USING COVERING INDEX member_company');

  prepare.mockClear();
  for (const audience of audiences) await membersOfAudience(t.core.db, audience, { after: 'a', limit: 200 });
  const paging = stepsOf();
  expect(paging.length).toBeGreaterThan(0);
  expect(paging.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
  expect(paging.filter((step) => oftenWritten.test(step) && !/\(id>\?\)/.test(step))).toEqual([]);
});
