import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { saveCompany } from '../../core/companies/company.ts';
import { openConsole, type TestConsole } from './support.ts';

let t: TestConsole;
beforeEach(async () => {
  t = await openConsole();
});
afterEach(() => t.close());

async function reading(path: string) {
  const staff = await t.signedIn('staff');
  const answer = await staff.get(path);
  const reader = answer.body?.getReader();
  if (!reader) throw new Error('no stream');
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  return { answer, next, stop: () => reader.cancel() };
}

test('a page is told at once when it connects, and when something it shows has changed', async () => {
  const { answer, next, stop } = await reading('/live?topics=companies');
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(await next()).toContain('event: changed');
  await t.tc.core.transaction((unit) => saveCompany(unit, { name: 'Firma Przykładowa' }));
  await t.settle();
  expect(await next()).toContain('event: changed');
  await stop();
});

test('a stream is for those who are signed in', async () => {
  expect((await t.browser().get('/live?topics=companies')).status).toBe(303);
});

const demote = (id: string) =>
  t.tc.core.db.updateTable('member').set({ role: 'member' }).where('id', '=', id).execute();

test.each(['signs out', 'is of the staff no more'])('a stream ends soon after its reader %s', async (how) => {
  const staff = await t.signedIn('staff');
  const { body } = await staff.get('/live?topics=companies');
  const reader = body?.getReader();
  await reader?.read();
  if (how === 'signs out') await staff.post('/sign-out');
  else await demote(staff.memberId);
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 30_000);
  t.live.publish('companies');
  expect(await reader?.read()).toEqual({ done: true, value: undefined });
  clock.mockRestore();
});
