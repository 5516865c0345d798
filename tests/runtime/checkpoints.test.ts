import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Checkpoints } from '../../runtime/checkpoints.ts';
import { type Database, openDatabase } from '../../runtime/database.ts';
import { projectRoot } from '../../runtime/paths.ts';
import { sqliteDriver } from '../../runtime/sqlite-driver.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const megabyte = 2 ** 20;

async function open() {
  const file = join(tempFolder(), 'wici.db');
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  await database.transaction((tx) => sql`create table page (bytes)`.execute(tx));
  const outside = new (sqliteDriver())(file);
  onTestFinished(() => void outside.close());
  const log = () =>
    outside.prepare('pragma wal_checkpoint(NOOP)').get() as { log: number; checkpointed: number };
  return { file, database, outside, log };
}

const built = JSON.stringify(new URL('../../dist/runtime/database.js', import.meta.url).href);
/** A program that closes its database while the thread is at work. */
const closing = `
  const { sql } = await import('kysely');
  const { openDatabase } = await import(${built});
  const database = openDatabase(process.argv[1]);
  const run = (text) => database.transaction((tx) => sql.raw(text).execute(tx));
  await run('create table page (bytes)');
  await run('insert into page values (randomblob(${4 * megabyte}))');
  // The thread has begun, and is asked again.
  await new Promise((later) => setTimeout(later, 300));
  await run('insert into page values (randomblob(${20 * megabyte}))');
  await database.close();
  console.log('closed');
`;

function bare(program?: string) {
  const sqlite = new (sqliteDriver())(join(tempFolder(), 'wici.db'));
  onTestFinished(() => void sqlite.close());
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec('create table page (bytes)');
  return { sqlite, checkpoints: new Checkpoints(sqlite, program) };
}

const write = (database: Database, megabytes: number) =>
  database.transaction((tx) =>
    sql`insert into page values (randomblob(${megabytes * megabyte}))`.execute(tx),
  );

describe('SQLite’s log', () => {
  it('is written back by a thread while the program’s own connection never does', async () => {
    const { database, log } = await open();
    for (let n = 0; n < 5; n++) await write(database, 1);
    await until(() => log().checkpointed > 1000);
    expect(await autocheckpoint(database)).toBe(16_000);
  });

  it('that is full begins anew: who writes waits until the rest is written back', async () => {
    const { sqlite, checkpoints } = bare();
    sqlite.exec(`insert into page values (randomblob(${20 * megabyte}))`);
    checkpoints.committed();
    expect(checkpoints.room).toBeNull();
    await until(() => {
      checkpoints.committed();
      return checkpoints.room !== null;
    });
    await checkpoints.room;
    sqlite.exec('insert into page values (1)');
    expect(sqlite.pragma('wal_checkpoint(NOOP)')).toMatchObject([{ log: expect.toSatisfy((n) => n < 10) }]);
    await checkpoints.close();
  });

  it('is bounded although somebody writes all the time', async () => {
    const { file, database } = await open();
    for (let n = 0; n < 100; n++) await write(database, 1);
    expect(statSync(`${file}-wal`).size).toBeLessThan(70 * megabyte);
  });

  it('goes on growing while somebody reads an old state, and is written back afterwards', async () => {
    const { database, outside, log } = await open();
    outside.exec('begin');
    outside.prepare('select count(*) from page').get();
    for (let n = 0; n < 24; n++) await write(database, 1);
    outside.exec('commit');
    await write(database, 5);
    await until(() => log().checkpointed > 6000 || log().log < 6000);
  });

  it('is gone once the database is closed, although it was just being written back and nothing else keeps the program going', async () => {
    const file = join(tempFolder(), 'wici.db');
    const args = ['--input-type=module', '-e', closing, file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectRoot });
    expect(stdout).toBe('closed\n');
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(statSync(file).size).toBeGreaterThan(20 * megabyte);
  });

  it('is written back by SQLite itself where the thread cannot begin, and nobody waits for it', async () => {
    const { sqlite, checkpoints } = bare('/nowhere.js');
    sqlite.exec(`insert into page values (randomblob(${20 * megabyte}))`);
    checkpoints.committed();
    await until(() => sqlite.pragma('wal_autocheckpoint', { simple: true }) === 1000);
    checkpoints.committed();
    expect(checkpoints.room).toBeNull();
    await checkpoints.close();
  });
});

async function autocheckpoint({ db }: Database): Promise<number | undefined> {
  const { rows } = await sql<{ wal_autocheckpoint: number }>`pragma wal_autocheckpoint`.execute(db);
  return rows[0]?.wal_autocheckpoint;
}
