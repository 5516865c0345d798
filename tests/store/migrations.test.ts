import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { migrateWithin, openDatabase } from '../../runtime/database.ts';
import { makeTestDatabase } from '../support/test-core.ts';

const people = [
  ['nobody', []],
  ['gone', [['telegram', 'gone', 5]]],
  ['one', [['webchat', 'open', 1]]],
  [
    'many',
    [
      ['webchat', 'open', 1],
      ['telegram', 'gone', 9],
      ['slack', 'open', 7],
      ['webchat', 'open', 7],
      ['slack', 'open', 3],
    ],
  ],
] as const;

it('Databases made before have with their members how these are written to', async () => {
  const { location, drop } = await makeTestDatabase(':memory:');
  const database = openDatabase(location);
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  const { db } = database;
  await database.inOne((tx) => migrateWithin(tx, '0008-put-off'));
  for (const [id, accounts] of people) {
    await sql`
      insert into member (id, name, name_folded, role, language, status, demo, simulated, tags, revision, created_at, updated_at)
      values (${id}, ${id}, ${id}, 'member', 'pl', 'active', 0, 0, '[]', 1, 0, 0)`.execute(db);
    for (const [n, [channel, status, at]] of accounts.entries()) {
      await sql`
        insert into account (id, channel, external_id, member_id, status, language, last_used_at, created_at)
        values (${`${id}-${n}`}, ${channel}, ${`${id}-${n}`}, ${id}, ${status}, 'pl', ${at}, 0)`.execute(db);
    }
  }
  await database.migrate();
  const rows = await db.selectFrom('member').select(['id', 'account_id', 'ways']).execute();
  expect(Object.fromEntries(rows.map((r) => [r.id, [r.account_id, r.ways]]))).toEqual({
    nobody: [null, 'noAccount'],
    gone: [null, 'blocked'],
    one: ['one-0', 'webchat'],
    many: ['many-3', 'webchat slack'],
  });
});
