import { afterEach, beforeEach, expect, it } from 'vitest';
import { listBarriers } from '../../core/barriers/list.ts';
import { findCompanyView } from '../../core/companies/company.ts';
import { findMemberView, listMembers } from '../../core/members/view.ts';
import { encodeCursor } from '../../core/page.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson } from './announcements-support.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

it('a NUL character, which PostgreSQL refuses, is left out of what is asked for and stored', async () => {
  const { db } = t.core;
  expect(await findMemberView(db, '\0')).toBeNull();
  expect(await findCompanyView(db, 'a\0b')).toBeNull();
  expect((await listMembers(db, { companyId: '\0', search: '\0' })).items).toEqual([]);
  await addPerson(t, { id: 'ann\0' });
  expect((await findMemberView(db, 'ann'))?.id).toBe('ann');
});

it('a cursor beyond what the column of numbers counts begins at the beginning', async () => {
  for (const number of ['2147483648', '99999999999', '-99999999999', '1e300']) {
    expect((await listBarriers(t.core.db, { cursor: encodeCursor([number]) })).items).toEqual([]);
  }
});
