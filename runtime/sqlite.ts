import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database as Connection, Statement } from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** SQLite for kysely: each statement is prepared once, and whoever waits for the one connection gets it in turn. */
export function sqliteDialect(sqlite: Connection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(sqlite),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteDriver implements Driver {
  readonly #sqlite: Connection;
  readonly #connection: SqliteConnection;
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  constructor(sqlite: Connection) {
    this.#sqlite = sqlite;
    this.#connection = new SqliteConnection(sqlite);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await new Promise<void>((turn) => this.#waiting.push(turn));
    this.#taken = true;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken = false;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a failed write has rolled it back already.
    if (this.#sqlite.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    this.#sqlite.close();
  }
}

/** Statements kept; those with lists of many lengths come and go. */
const keptStatements = 500;

/** SQLite answers at once: without this a transaction's queries would be one turn of the loop, and whatever came waited for it. */
const longestTurnMs = 4;
let turnBegan: number | null = null;

function turnIsLong(): boolean {
  const now = performance.now();
  if (turnBegan !== null) return now - turnBegan > longestTurnMs;
  turnBegan = now;
  setImmediate(() => {
    turnBegan = null;
  });
  return false;
}

class SqliteConnection implements DatabaseConnection {
  readonly #sqlite: Connection;
  readonly #prepared = new Map<string, Statement>();

  constructor(sqlite: Connection) {
    this.#sqlite = sqlite;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (turnIsLong()) await nextTurn();
    const statement = this.#prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows are read at once');
  }

  #prepare(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#sqlite.prepare(sql);
    if (this.#prepared.size >= keptStatements) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }
}
