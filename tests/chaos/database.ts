import { join } from 'node:path';
import pg from 'pg';
import { sqliteDriver } from '../../runtime/sqlite-driver.ts';
import type { startPostgres } from '../setup/postgres.mjs';

type Value = string | number | null;
export type Row = Record<string, Value>;

export type PostgresServer = Awaited<ReturnType<typeof startPostgres>>;

/** Reads and disturbs a world's database from outside, in plain SQL: it shares no code with the program under test. */
export interface Outside {
  /** What DATABASE_URL says; none for SQLite. */
  readonly url: string | null;
  rows(sql: string): Promise<Row[]>;
  /** Holds every writer up for `ms`. */
  lock(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function outsideSqlite(dataFolder: string): Outside {
  const file = join(dataFolder, 'wici.db');
  return {
    url: null,
    rows: async (sql) => {
      const database = new (sqliteDriver())(file, { readonly: true, timeout: 10_000 });
      try {
        return database.prepare(sql).all() as Row[];
      } finally {
        database.close();
      }
    },
    lock: async (ms) => {
      const database = new (sqliteDriver())(file, { timeout: 1000 });
      try {
        database.exec('begin immediate');
        await new Promise((resolve) => setTimeout(resolve, ms));
        database.exec('rollback');
      } catch {
        // The program was faster, or the file is not there yet.
      } finally {
        database.close();
      }
    },
    close: async () => undefined,
  };
}

/** A new database on the server. */
export async function outsidePostgres(server: PostgresServer, name: string): Promise<Outside> {
  const url = new URL(server.url);
  await once(url.href, `create database ${name}`);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    rows: (sql) => once(url.href, sql),
    lock: async (ms) => {
      await once(
        url.href,
        `begin; lock table delivery in access exclusive mode; select pg_sleep(${ms / 1000}); rollback`,
      ).catch(() => undefined);
    },
    close: async () => {
      await once(server.url, `drop database ${name} with (force)`).catch(() => undefined);
    },
  };
}

/** Its own connection each time: the server may have been restarted meanwhile. */
async function once(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses writing, on every connection from now on. */
export async function setReadOnly(outside: Outside, on: boolean): Promise<void> {
  if (!outside.url) return;
  const name = new URL(outside.url).pathname.slice(1);
  const admin = new URL(outside.url);
  admin.pathname = '/postgres';
  await once(admin.href, `alter database ${name} set default_transaction_read_only = ${on}`);
  await cutConnections(outside);
}

export async function cutConnections(outside: Outside): Promise<void> {
  if (!outside.url) return;
  await once(
    outside.url,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
}
