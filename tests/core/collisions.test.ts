import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson } from './announcements-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

it('two units that lock the same rows the other way round both come through, signals rung once', async () => {
  await addPerson(t, { id: 'a' });
  await addPerson(t, { id: 'b' });
  const both = (first: string, second: string) =>
    t.core.transaction(async ({ db, ring }) => {
      ring({ kind: 'changed', topic: first });
      for (const id of [first, second]) {
        await db
          .updateTable('member')
          .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
          .where('id', '=', id)
          .execute();
      }
    });
  t.signals.length = 0;
  await Promise.all(Array.from({ length: 4 }, (_, i) => (i % 2 ? both('a', 'b') : both('b', 'a'))));
  const rows = await t.database.db.selectFrom('member').select('revision').execute();
  expect(rows.map((r) => r.revision)).toEqual([5, 5]);
  expect(t.signals).toHaveLength(4);
});
