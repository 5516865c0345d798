import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../core/store/schema.ts';
import { type Database, migrationNow, openDatabase } from '../database.ts';
import { type Batch, type Batches, lineOf, type Value } from './batch.ts';
import { quoted, run, type TableShape, tablesOf } from './shape.ts';

/** The whole network as it stood at one moment, however much is written to it meanwhile. */
export interface Snapshot {
  readonly kind: Database['kind'];
  /** For reading, in the same transaction. */
  readonly db: Db;
  /** The last migration applied. */
  readonly migration: string;
  readonly batches: Batches;
}

/** Read together: so few that the answers of a running server hardly wait for it, and whole files one by one. */
const pageRows = 250;

/** Reads the database in one transaction, which sees the state of its beginning; over a connection of its own. */
export async function withSnapshot<T>(
  location: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const database = openDatabase(location);
  const { kind } = database;
  try {
    return await database.atOneMoment(async (db) => {
      const migration = await migrationNow(db);
      return work({ kind, db, migration, batches: batchesOf(db, kind) });
    });
  } finally {
    await database.close();
  }
}

/** Every table in pages, in the order of its key: constant memory, and no trace of the order in which rows were written. */
export async function* batchesOf(db: Db, kind: Database['kind']): AsyncGenerator<Batch> {
  for (const table of await tablesOf(db, kind)) {
    const { name, columns } = table;
    let rows: Record<string, Value>[] = [];
    do {
      rows = await page(db, kind, table, rows.at(-1));
      yield { table: name, columns, lines: rows.map((row) => lineOf(columns.map((c) => row[c] ?? null))) };
      // SQLite answers at once: others of this process take their turn here.
      await setImmediate();
    } while (rows.length > 0);
  }
}

function page(
  db: Db,
  kind: Database['kind'],
  { name, columns, key, bytes }: TableShape,
  after: Record<string, Value> | undefined,
): Promise<Record<string, Value>[]> {
  const keys = quoted(key);
  const where = after ? `where (${keys}) > (${key.map(() => '?').join(', ')})` : '';
  const limit = bytes ? 1 : pageRows;
  return run(
    db,
    kind,
    `select ${quoted(columns)} from "${name}" ${where} order by ${keys} limit ${limit}`,
    after ? key.map((k) => after[k]) : [],
  );
}
