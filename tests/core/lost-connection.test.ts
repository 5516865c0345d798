import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';
import { openTestCore } from '../support/test-core.ts';

const onPostgres = process.env.WICI_TEST_POSTGRES !== undefined;

it.runIf(onPostgres)(
  'a connection lost in the middle of a transaction ends that transaction only',
  async () => {
    const t = await openTestCore();
    const admin = openDatabase(t.location);
    const cut = t.database.transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(admin.db);
      // The socket tells of its end while no query is asked.
      await wait(200);
      await sql`select 1`.execute(tx);
    });
    await expect(cut).rejects.toThrow();
    await expect(t.database.transaction((tx) => sql`select 1`.execute(tx))).resolves.toBeDefined();
    await admin.close();
    await t.close();
  },
);
