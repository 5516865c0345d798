import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparedIds, preparedRows } from '../../core/store/prepared.ts';
import type { NewRow } from '../../core/store/schema.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const conversations = (count: number, updated_at: number): NewRow<'conversation'>[] =>
  Array.from({ length: count }, (_, i) => ({
    owner_id: `owner-${String(i).padStart(4, '0')}`,
    dialog: 'report',
    version: 1,
    state: `{"of":${i}}`,
    revision: i,
    updated_at,
  }));

describe('queries compiled once for many rows', () => {
  it('each row is written with its own values, however many there are and whatever came before', async () => {
    let built = 0;
    const put = preparedRows((db, rows: readonly NewRow<'conversation'>[]) => {
      built += 1;
      return db
        .insertInto('conversation')
        .values(rows)
        .onConflict((c) =>
          c.column('owner_id').doUpdateSet((e) => ({ updated_at: e.ref('excluded.updated_at') })),
        )
        .returning('owner_id');
    });
    const { db } = t.core;
    expect(await put(db, [])).toEqual([]);
    await put(db, conversations(1203, 1));
    expect((await put(db, conversations(203, 2))).map((r) => r.owner_id)).toHaveLength(203);
    expect(built).toBe(4);
    const found = await db.selectFrom('conversation').selectAll().orderBy('owner_id').execute();
    expect(found).toEqual([...conversations(203, 2), ...conversations(1203, 1).slice(203)]);
  });

  it('what is shared stands beside each, in a transaction as outside of one', async () => {
    const { db } = t.core;
    await db.insertInto('conversation').values(conversations(5, 1)).execute();
    const newer = preparedIds((d, ids, { than }: { than: number }) =>
      d
        .selectFrom('conversation')
        .select('owner_id')
        .where('owner_id', 'in', ids)
        .where('revision', '>', than)
        .orderBy('owner_id'),
    );
    const ids = ['owner-0001', 'owner-0003', 'owner-0004', 'nobody'];
    expect(await newer(db, ids, { than: 1 })).toEqual([
      { owner_id: 'owner-0003' },
      { owner_id: 'owner-0004' },
    ]);
    const inside = await t.core.transaction((unit) => newer(unit.db, ids, { than: 3 }));
    expect(inside).toEqual([{ owner_id: 'owner-0004' }]);
  });
});
