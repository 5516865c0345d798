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
import { breath } from '../core/turn.ts';

/**
 * SQLite for kysely: each statement is prepared once. What is only read goes over `reader` and waits for nobody: it sees what
 * was committed last, as on PostgreSQL. Whoever writes, or begins a transaction, waits for the one connection that may. Without
 * a reader (a database in memory is known to one connection alone) everybody waits for it.
 */
export function sqliteDialect(writer: Connection, reader: Connection | null): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(writer, reader),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteDriver implements Driver {
  readonly #writer: Statements;
  readonly #reader: Statements | null;
  readonly #turns = new Turns();

  constructor(writer: Connection, reader: Connection | null) {
    this.#writer = new Statements(writer);
    this.#reader = reader && new Statements(reader);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Session(this.#writer, this.#reader, this.#turns);
  }

  async releaseConnection(session: DatabaseConnection): Promise<void> {
    (session as Session).end();
  }

  async beginTransaction(session: DatabaseConnection): Promise<void> {
    await session.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(session: DatabaseConnection): Promise<void> {
    await session.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(session: DatabaseConnection): Promise<void> {
    // A full disk or a failed write has rolled it back already.
    if (this.#writer.sqlite.inTransaction) await session.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    this.#reader?.sqlite.close();
    this.#writer.sqlite.close();
  }
}

/** Who writes, one after another. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  async take(): Promise<void> {
    if (this.#taken) await new Promise<void>((turn) => this.#waiting.push(turn));
    this.#taken = true;
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken = false;
  }
}

const reads = /^\s*select\b/i;
const changesSchema = /^\s*(?:create|alter|drop)\b/i;

/** What kysely takes for a connection: reading until it does something else, from then on it alone writes. */
class Session implements DatabaseConnection {
  readonly #writer: Statements;
  readonly #reader: Statements | null;
  readonly #turns: Turns;
  #writes = false;
  /** The schema. */
  #changed = false;

  constructor(writer: Statements, reader: Statements | null, turns: Turns) {
    this.#writer = writer;
    this.#reader = reader;
    this.#turns = turns;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#writes && this.#reader && reads.test(query.sql)) return this.#reader.run(query);
    if (!this.#writes) {
      await this.#turns.take();
      this.#writes = true;
    }
    if (!changesSchema.test(query.sql)) return this.#writer.run(query);
    this.#changed = true;
    const result = await this.#writer.run<R>(query);
    this.#forget();
    return result;
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows are read at once');
  }

  end(): void {
    // Until its end what it changed was not there for the reader, and may have been taken back.
    if (this.#changed) this.#forget();
    if (this.#writes) this.#turns.give();
    this.#writes = false;
    this.#changed = false;
  }

  #forget(): void {
    this.#writer.forget();
    this.#reader?.forget();
  }
}

/** Statements kept; those with lists of many lengths come and go. */
const keptStatements = 500;

interface Prepared {
  readonly statement: Statement;
  /** Known once there was an answer: not before does SQLite look whether the schema is still the same. */
  shape?: Shape;
}

interface Shape {
  readonly columns: readonly string[];
  /** A row without its values. */
  readonly blank: Readonly<Record<string, null>>;
}

class Statements {
  readonly sqlite: Connection;
  readonly #prepared = new Map<string, Prepared>();

  constructor(sqlite: Connection) {
    this.sqlite = sqlite;
  }

  async run<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // SQLite answers at once: a transaction's queries would be one turn of the loop.
    await breath();
    const prepared = this.#prepare(sql);
    const { statement } = prepared;
    if (statement.reader) {
      const rows = statement.all(parameters) as unknown[][];
      const [first] = rows;
      if (!first) return { rows: [] };
      let { shape } = prepared;
      // Another process may have changed the schema.
      if (shape?.columns.length !== first.length) {
        shape = shapeOf(statement);
        prepared.shape = shape;
      }
      return { rows: named<R>(rows, shape) };
    }
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  forget(): void {
    this.#prepared.clear();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.sqlite.prepare(sql);
    if (statement.reader) statement.raw(true);
    if (this.#prepared.size >= keptStatements) this.#prepared.clear();
    const prepared = { statement };
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function shapeOf(statement: Statement): Shape {
  const columns = statement.columns().map(({ name }) => name);
  return { columns, blank: Object.fromEntries(columns.map((name) => [name, null])) };
}

/** Rows by their columns' names. better-sqlite3 looks up the name of each value anew; copies of one object keep one shape. */
function named<R>(rows: readonly unknown[][], { columns, blank }: Shape): R[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = { ...blank };
    for (let i = 0; i < columns.length; i++) row[columns[i] as string] = values[i];
    return row as R;
  });
}
