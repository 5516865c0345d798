import type SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../runtime/database.ts';
import { sqliteDriver } from '../../runtime/sqlite-driver.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

let temp: ReturnType<typeof makeTempFolder>;
let database: Database;
/** Another program's view: it sees what is committed. */
let outside: SQLite.Database;

beforeEach(async () => {
  temp = makeTempFolder();
  const file = `${temp.folder}/wici.db`;
  database = openDatabase(file);
  await database.migrate();
  outside = new (sqliteDriver())(file);
  // However slow the machine, no time passes: all that comes at once shares a commit.
  vi.spyOn(performance, 'now').mockReturnValue(0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  outside.close();
  await database.close();
  temp.remove();
});

const committed = () =>
  outside.prepare('select external_event_id from inbound_event order by 1').pluck().all();

const take = (id: string, fails = false) =>
  database.transaction(async (db) => {
    await db
      .insertInto('inbound_event')
      .values({ channel: 'telegram', external_event_id: id, taken_at: 0 })
      .execute();
    if (fails) throw new Error('changed its mind');
    return committed().length;
  });

describe('Transactions that come at once', () => {
  it('stand on the disk when they are told of their success, all by one commit', async () => {
    const seenInside = await Promise.all(['a', 'b', 'c'].map((id) => take(id)));
    expect(committed()).toEqual(['a', 'b', 'c']);
    expect(seenInside).toEqual([0, 0, 0]);
  });

  it('take no other with them when they fail', async () => {
    const results = await Promise.allSettled([take('a'), take('b', true), take('c'), take('a')]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(committed()).toEqual(['a', 'c']);
  });

  it('are all refused when their commit is', async () => {
    outside.exec('create table parent (id text primary key)');
    outside.exec('create table child (id text references parent deferrable initially deferred)');
    const orphan = database.transaction(async (db) => {
      await db
        .insertInto('child' as 'inbound_event')
        .values({ id: 'x' } as never)
        .execute();
    });
    const results = await Promise.allSettled([take('a'), orphan]);
    expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected']);
    expect(committed()).toEqual([]);
    await take('b');
    expect(committed()).toEqual(['b']);
  });

  it('find what those before them wrote', async () => {
    const count = () =>
      database.transaction(async (db) => (await db.selectFrom('inbound_event').selectAll().execute()).length);
    expect(await Promise.all([take('a'), count(), take('b'), count()])).toEqual([0, 1, 0, 2]);
  });

  it('are refused within one another instead of waiting for ever', async () => {
    await expect(database.transaction(() => take('a'))).rejects.toThrow('within another');
    await take('b');
    expect(committed()).toEqual(['b']);
  });

  it('let what somebody waits for go first, and its commit waits for nothing of a broadcast’s', async () => {
    const seen: Record<string, unknown> = {};
    const write = (id: string, lane: 'person' | 'broadcast') =>
      database.transaction(async (db) => {
        seen[id] = committed();
        await db
          .insertInto('inbound_event')
          .values({ channel: 'telegram', external_event_id: id, taken_at: 0 })
          .execute();
      }, lane);
    await Promise.all([
      write('b1', 'broadcast'),
      write('b2', 'broadcast'),
      write('p1', 'person'),
      write('p2', 'person'),
    ]);
    expect(seen).toEqual({ p1: [], p2: [], b1: ['p1', 'p2'], b2: ['p1', 'p2'] });
  });

  it('of a broadcast come to their turn although somebody presses all the time', async () => {
    let presses = 0;
    let done = false;
    const pressing = Array.from({ length: 5 }, async () => {
      while (!done) presses += await database.transaction(async () => 1, 'person');
    });
    await database.transaction(async () => undefined, 'broadcast');
    done = true;
    await Promise.all(pressing);
    expect(presses).toBeLessThan(50);
  });

  it('of a broadcast come to their turn although a commit has no time for all who press', async () => {
    let ms = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (ms += 15));
    let presses = 0;
    let done = false;
    const pressing = Array.from({ length: 5 }, async () => {
      while (!done && presses < 200) presses += await database.transaction(async () => 1, 'person');
    });
    await database.transaction(async () => undefined, 'broadcast');
    done = true;
    await Promise.all(pressing);
    expect(presses).toBeLessThan(50);
  });

  it('are refused once the database is closed', async () => {
    const other = openDatabase(':memory:');
    await other.migrate();
    await other.close();
    await expect(other.transaction(async () => 1)).rejects.toThrow();
  });
});
