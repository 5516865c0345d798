import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import type SQLite from 'better-sqlite3';
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type Migration,
  Migrator,
  PostgresDialect,
  sql,
} from 'kysely';
import pg from 'pg';
import type { Db, Schema } from '../core/store/schema.ts';
import type { Lane } from '../core/unit.ts';
import { migrations } from '../migrations/index.ts';
import { Checkpoints } from './checkpoints.ts';
import { SharedCommits } from './shared-commits.ts';
import { sqliteDialect } from './sqlite.ts';
import { sqliteDriver } from './sqlite-driver.ts';

/** An open database and what only its owner may do with it. */
export interface Database {
  readonly db: Db;
  readonly kind: 'sqlite' | 'postgres';
  /**
   * Runs `work` in one transaction; a query on `db` inside it is refused instead of waiting for itself for ever. What is a
   * broadcast's lets persons' go first where there is one connection only.
   */
  transaction<T>(work: (tx: Db) => Promise<T>, lane?: Lane): Promise<T>;
  /** Brings the schema up to date; returns the names of the migrations applied now. */
  migrate(): Promise<string[]>;
  /** Runs `work` in one transaction in which migrations may be applied too (migrateWithin); nobody else is on the database. */
  inOne<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Runs `work`, which only reads, on the state of its beginning; holds nobody up. */
  atOneMoment<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// int8 (counts, sums, moments) and numeric come as strings by default; ours stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

/** Opens `postgres://…`, a SQLite file, or ':memory:'. */
export function openDatabase(location: string): Database {
  return location.startsWith('postgres') ? openPostgres(location) : openSqlite(location);
}

function openSqlite(file: string): Database {
  const sqlite = new (sqliteDriver())(file);
  const journal = sqlite.pragma('journal_mode = WAL', { simple: true });
  // FULL: a commit that was told to anybody survives power loss. WAL alone would keep only up to the last checkpoint.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  refuseReadOnly(sqlite);
  // In memory there is no log.
  const checkpoints = journal === 'wal' ? new Checkpoints(sqlite) : null;
  const reader = journal === 'wal' ? openReader(file) : null;
  const dialect = sqliteDialect(sqlite, reader);
  const database = open('sqlite', dialect, (db) => new SharedCommits(sqlite, db, checkpoints));
  return {
    ...database,
    close: async () => {
      await checkpoints?.close();
      await database.close();
    },
  };
}

/** Beside the one that writes. Pages it keeps: 8 MB. */
function openReader(file: string): SQLite.Database {
  const reader = new (sqliteDriver())(file);
  reader.pragma('query_only = ON');
  reader.pragma('busy_timeout = 5000');
  reader.pragma('cache_size = -8000');
  return reader;
}

/** A file that may not be written is opened for reading without a word, and stays so when it may be written again. */
function refuseReadOnly(sqlite: SQLite.Database): void {
  try {
    sqlite.exec('begin immediate; create table written (x); rollback');
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function openPostgres(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // Without a listener an idle connection's loss would end the process; the next query opens another.
  pool.on('error', () => undefined);
  // The same for one lost between two queries of a transaction: the next query fails and says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return open('postgres', new PostgresDialect({ pool }), (db) => ({
    run: (work) => db.transaction().execute(work),
  }));
}

/** How a database runs a transaction. */
interface Transactions {
  run<T>(work: (tx: Db) => Promise<T>, lane: Lane): Promise<T>;
}

function open(kind: Database['kind'], dialect: Dialect, transactionsOf: (db: Db) => Transactions): Database {
  const inTransaction = new AsyncLocalStorage<true>();
  const db = new Kysely<Schema>({ dialect: guarded(dialect, inTransaction) });
  const transactions = transactionsOf(db);
  return {
    db,
    kind,
    transaction: async (work, lane = 'person') => {
      if (inTransaction.getStore()) throw new Error('a transaction within another: pass unit.db');
      return withoutCollisions(() => transactions.run((tx) => inTransaction.run(true, () => work(tx)), lane));
    },
    migrate: () => migrate(db),
    inOne: (work) => db.connection().execute((connection) => inOne(connection, 'begin', work)),
    atOneMoment: (work) => {
      // SQLite's plain "begin" takes no lock to write.
      const begin = kind === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only';
      return db.connection().execute((connection) => inOne(connection, begin, work));
    },
    close: () => db.destroy(),
  };
}

// By hand: kysely's own transactions do not let its Migrator in, and are there to write.
async function inOne<T>(connection: Db, begin: string, work: (tx: Db) => Promise<T>): Promise<T> {
  await sql.raw(begin).execute(connection);
  try {
    const result = await work(connection);
    await sql`commit`.execute(connection);
    return result;
  } catch (error) {
    await sql`rollback`.execute(connection).catch(() => undefined);
    throw error;
  }
}

/** How often a transaction ended by this SQLSTATE is run. Who added the same is committed by then: two tries more suffice. */
const worthTries: Readonly<Record<string, number>> = { '40001': 8, '40P01': 8, '23505': 3 };

/**
 * Two transactions that stood in each other's way (serialisation failure, deadlock, the same name or address added by both):
 * the one ended is run again, and finds what the other one left.
 */
async function withoutCollisions<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (tries >= (worthTries[code] ?? 1)) throw error;
      // Unevenly, so that those who collided do not meet again.
      await setTimeout(Math.random() * 50 * tries);
    }
  }
}

async function migrate(db: Db): Promise<string[]> {
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName);
}

/** Brings the schema to a migration (the newest when none is named) in the caller's transaction. */
export async function migrateWithin(tx: Db, to?: string): Promise<void> {
  const migrator = new Migrator({ db: tx, provider, disableTransactions: true });
  const { error } = await (to === undefined ? migrator.migrateToLatest() : migrator.migrateTo(to));
  if (error) throw error;
}

/** The name of the last migration applied. */
export async function migrationNow(db: Db): Promise<string> {
  const applied = await new Migrator({ db, provider }).getMigrations();
  return applied.filter((m) => m.executedAt !== undefined).at(-1)?.name ?? '';
}

const provider = { getMigrations: async () => migrations as Record<string, Migration> };

/**
 * A transaction holds its connection; asking the pool for another one inside it hangs for ever on SQLite's single
 * connection and reads stale rows on PostgreSQL. Both are programming errors, so both fail at once.
 */
function guarded(dialect: Dialect, inTransaction: AsyncLocalStorage<true>): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (...args: Parameters<Driver['acquireConnection']>) => {
        if (inTransaction.getStore())
          throw new Error('a query outside the transaction it runs in: pass unit.db');
        return withoutNul(await acquire(...args));
      };
      return driver;
    },
  };
}

const careful = new WeakSet<DatabaseConnection>();

/**
 * PostgreSQL takes no NUL character in a text and ends the transaction over it; no name, id or word has a use for one. So
 * they are left out of all that is stored or asked for, whoever sent them, on both databases alike.
 */
function withoutNul(connection: DatabaseConnection): DatabaseConnection {
  if (careful.has(connection)) return connection;
  careful.add(connection);
  const execute = connection.executeQuery.bind(connection);
  connection.executeQuery = (query) => {
    if (!query.parameters.some(hasNul)) return execute(query);
    const parameters = query.parameters.map((p) => (hasNul(p) ? p.replaceAll('\0', '') : p));
    return execute({ ...query, parameters });
  };
  return connection;
}

function hasNul(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\0');
}
