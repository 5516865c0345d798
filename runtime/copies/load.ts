import type { Db } from '../../core/store/schema.ts';
import { type Database, migrateWithin } from '../database.ts';
import { type Batches, differences, rowOf, type Sums, Tally, tallied } from './batch.ts';
import { quoted, run, tablesOf } from './shape.ts';
import { batchesOf } from './snapshot.ts';

/** The target is not what was put into it; the tables that differ. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';
  readonly tables: readonly string[];

  constructor(tables: readonly string[]) {
    super(`the copy differs: ${tables.join(', ')}`);
    this.tables = tables;
  }
}

export interface Copy {
  /** The migration the rows are of. */
  readonly migration: string;
  readonly batches: Batches;
}

/**
 * Fills an empty database: tables as of the copy's migration, rows, the comparison of every table with what was put in, then
 * the newest tables. One transaction: it is all there in the end, or nothing. `finish` is run at the end of it.
 */
export function fill(database: Database, copy: Copy, finish: (tx: Db) => Promise<void>): Promise<Sums> {
  const { kind } = database;
  return database.inOne(async (tx) => {
    await migrateWithin(tx, copy.migration);
    for (const { name } of (await tablesOf(tx, kind)).reverse()) await run(tx, kind, `delete from "${name}"`);
    const given = new Tally();
    await insertAll(tx, kind, tallied(copy.batches, given));
    const sums = given.sums();
    const found = new Tally();
    for await (const batch of batchesOf(tx, kind)) found.add(batch);
    const wrong = differences(sums, found.sums());
    if (kind === 'sqlite') wrong.push(...(await soundness(tx)));
    if (wrong.length > 0) throw new CopyDiffers(wrong);
    await migrateWithin(tx);
    await finish(tx);
    return sums;
  });
}

/** Whether anything stands in it: any table at all counts. */
export async function isEmpty({ db, kind }: Database): Promise<boolean> {
  return (await tablesOf(db, kind)).length === 0;
}

/** SQLite takes no statement with more values than this. */
const mostValues = 32_000;

async function insertAll(db: Db, kind: Database['kind'], batches: Batches): Promise<void> {
  for await (const { table, columns, lines } of batches) {
    const together = Math.floor(mostValues / columns.length);
    const one = `(${columns.map(() => '?').join(', ')})`;
    for (let from = 0; from < lines.length; from += together) {
      const rows = lines.slice(from, from + together);
      const places = rows.map(() => one).join(', ');
      await run(
        db,
        kind,
        `insert into "${table}" (${quoted(columns)}) values ${places}`,
        rows.flatMap(rowOf),
      );
    }
  }
}

/** SQLite's own opinion; PostgreSQL never holds a row that refers to nothing. */
async function soundness(db: Db): Promise<string[]> {
  const [verdict] = await run<{ integrity_check: string }>(db, 'sqlite', 'pragma integrity_check');
  const orphans = await run<{ table: string }>(db, 'sqlite', 'pragma foreign_key_check');
  const said = verdict?.integrity_check === 'ok' ? [] : ['the file itself'];
  return [...said, ...new Set(orphans.map((o) => `${o.table} (refers to what is not there)`))];
}
