import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';
import { sqliteDriver } from '../../runtime/sqlite-driver.ts';
import { tempFolder } from '../support/temp-folder.ts';

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

it('what is only read waits for no transaction and sees what stood before; what is written waits its turn', async () => {
  const database = openDatabase(join(tempFolder(), 'wici.db'));
  onTestFinished(() => database.close());
  await database.migrate();
  const { db } = database;
  const states = () => db.selectFrom('channel_state').select(['channel', 'last_in_at']).execute();
  const put = (to: typeof db, last_in_at: number) =>
    to
      .insertInto('channel_state')
      .values({ channel: 'webchat', paused_at: null, last_in_at, last_out_at: null })
      .onConflict((c) => c.column('channel').doUpdateSet({ last_in_at }))
      .execute();
  let begun = (): void => undefined;
  let goOn = (): void => undefined;
  const begins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const goesOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const transaction = database.transaction(async (tx) => {
    await put(tx, 1);
    begun();
    await goesOn;
    expect(await tx.selectFrom('channel_state').select('last_in_at').execute()).toEqual([{ last_in_at: 1 }]);
  });
  await begins;
  expect(await states()).toEqual([]);
  const written = put(db, 2);
  expect(await states()).toEqual([]);
  goOn();
  await transaction;
  await written;
  expect(await states()).toEqual([{ channel: 'webchat', last_in_at: 2 }]);
});

it('over the connection that reads nothing can be written', async () => {
  const database = openDatabase(join(tempFolder(), 'wici.db'));
  onTestFinished(() => database.close());
  await database.migrate();
  await database.db.connection().execute(async (connection) => {
    expect(
      (await sql<{ query_only: number }>`select query_only from pragma_query_only`.execute(connection)).rows,
    ).toEqual([{ query_only: 1 }]);
  });
});

it('a column that was added or taken away meanwhile is told of by both connections', async () => {
  const database = openDatabase(join(tempFolder(), 'wici.db'));
  onTestFinished(() => database.close());
  await database.migrate();
  const { db } = database;
  const change = (statement: string) => database.inOne((tx) => sql.raw(statement).execute(tx));
  await change("insert into branch (id, name_pl, name_en, position) values ('b', 'b', 'b', 1)");
  const columns = async (of: typeof db) => {
    const { rows } = await sql<object>`select * from branch`.execute(of);
    return Object.keys(rows[0] ?? {});
  };
  const both = async () => [await columns(db), await database.transaction(columns)];
  const before = await both();
  await change('alter table branch add column colour text');
  expect(await both()).toEqual(before.map((names) => [...names, 'colour']));
  await change('alter table branch rename column colour to shade');
  expect(await both()).toEqual(before.map((names) => [...names, 'shade']));
  await change('alter table branch drop column shade');
  expect(await both()).toEqual(before);
});

it('a change of the schema that is taken back is not told of, nor one that does not stand yet', async () => {
  const database = openDatabase(join(tempFolder(), 'wici.db'));
  onTestFinished(() => database.close());
  await database.migrate();
  const { db } = database;
  const all = async (of: typeof db) => (await sql`select * from branch`.execute(of)).rows;
  await sql`insert into branch (id, name_pl, name_en, position) values ('b', 'pl', 'en', 1)`.execute(db);
  const before = await all(db);
  expect(await database.transaction(all)).toEqual(before);
  const undone = database.inOne(async (tx) => {
    await sql`alter table branch rename column name_pl to nazwa`.execute(tx);
    expect(await all(tx)).toMatchObject([{ nazwa: 'pl' }]);
    expect(await all(db)).toEqual(before);
    throw new Error('taken back');
  });
  await expect(undone).rejects.toThrow('taken back');
  expect(await all(db)).toEqual(before);
  expect(await database.transaction(all)).toEqual(before);
  await database.inOne(async (tx) => {
    await sql`alter table branch rename column name_pl to nazwa`.execute(tx);
    expect(await all(db)).toEqual(before);
  });
  expect(await all(db)).toMatchObject([{ nazwa: 'pl', name_en: 'en' }]);
});

it('a column that another process added is told of', async () => {
  const file = join(tempFolder(), 'wici.db');
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  await database.migrate();
  const columns = async (of: typeof database.db) =>
    Object.keys((await sql<object>`select * from thing`.execute(of)).rows[0] ?? {});
  await sql`create table thing as select 1 as one`.execute(database.db);
  expect([await columns(database.db), await database.transaction(columns)]).toEqual([['one'], ['one']]);
  const another = new (sqliteDriver())(file);
  onTestFinished(() => void another.close());
  another.exec('alter table thing add column two');
  const both = ['one', 'two'];
  expect([await columns(database.db), await database.transaction(columns)]).toEqual([both, both]);
});

it('rows have their columns’ names: of two alike the last, of bytes the bytes, of nothing none', async () => {
  const database = openDatabase(':memory:');
  onTestFinished(() => database.close());
  const row = (text: string) => sql.raw(text).execute(database.db);
  expect((await row("select 1 as a, 2 as b, 3 as a, x'00ff' as bytes, null as missing")).rows).toEqual([
    { a: 3, b: 2, bytes: Buffer.from([0, 255]), missing: null },
  ]);
  expect((await row('select 1 as a where 0')).rows).toEqual([]);
});
