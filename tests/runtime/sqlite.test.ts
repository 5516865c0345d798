import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';

it('a long transaction lets what comes meanwhile have its turn', async () => {
  const database = openDatabase(':memory:');
  onTestFinished(() => database.close());
  let ms = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => ms++);
  onTestFinished(() => void vi.restoreAllMocks());
  let turns = 0;
  let done = false;
  const turn = () => {
    turns += 1;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await database.transaction(async (tx) => {
    for (let n = 0; n < 100; n++) await sql`select ${n}`.execute(tx);
  });
  done = true;
  expect(turns).toBeGreaterThan(10);
});
