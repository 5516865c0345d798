import type { Compilable, CompiledQuery } from 'kysely';
import { slices } from '../slices.ts';
import type { Db } from './schema.ts';

/** Stands for a value while its query is compiled: one of a row's, or (null) one given for all. */
class Placeholder {
  readonly row: number | null;
  readonly name: string;

  constructor(row: number | null, name: string) {
    this.row = row;
    this.name = name;
  }
}

/** What a query that is run often is given: a place for one value each, never a list. */
export type Values = Readonly<Record<string, string | number | null>>;

/** The same of a row. */
export type RowOf<V> = { readonly [K in keyof V]: string | number | null | undefined };

/**
 * How many rows one statement is about: each number is a query of its own. Bound values are limited, 32,766 by SQLite,
 * 65,535 by PostgreSQL, and a delivery has 20.
 */
const sizes = [500, 200, 100, 50, 20, 10, 5, 2, 1] as const;

/**
 * A query that is built and compiled once for a database and then run with other values: doing both anew costs as much as
 * SQLite takes to run it. `build` sees each value only as something to compare with or to set; it must not look at it.
 */
export function prepared<V extends Values, R>(
  build: (db: Db, values: V) => Compilable<R>,
): (db: Db, values: V) => Promise<R[]> {
  const values = anyValues<V>();
  const compiled = new WeakMap<object, CompiledQuery<R>>();
  return async (db, given) => {
    // A transaction's executor has the adapter of the database it is on.
    const { adapter } = db.getExecutor();
    const query = compiled.get(adapter) ?? build(db, values).compile();
    compiled.set(adapter, query);
    return run(db, query, given, []);
  };
}

/**
 * The same for a query about any number of rows, which is run on as many of them at a time as there is a size for. All rows
 * of one call have the same columns; `build` sees them, and the values they share, as `prepared` sees its values.
 */
export function preparedRows<V extends RowOf<V>, R, S extends Values = Record<never, never>>(
  build: (db: Db, rows: readonly V[], shared: S) => Compilable<R>,
): (db: Db, rows: readonly V[], shared?: S) => Promise<R[]> {
  const values = anyValues<S>();
  const compiled = new WeakMap<object, Map<string, CompiledQuery<R>>>();
  return async (db, rows, shared = {} as S) => {
    const { adapter } = db.getExecutor();
    const shapes = compiled.get(adapter) ?? new Map<string, CompiledQuery<R>>();
    compiled.set(adapter, shapes);
    const found: R[] = [];
    const columns = Object.keys(rows[0] ?? {});
    for (let from = 0, size = 0; from < rows.length; from += size) {
      size = sizes.find((s) => s <= rows.length - from) ?? 1;
      const shape = `${size} ${columns.join()}`;
      const query = shapes.get(shape) ?? build(db, placesOf<V>(size, columns), values).compile();
      shapes.set(shape, query);
      const some = rows.slice(from, from + size) as readonly object[] as readonly Values[];
      found.push(...(await run(db, query, shared, some)));
    }
    return found;
  };
}

/** `preparedRows` of nothing but ids, where it changes nothing that one is named twice: the last fills up what a size leaves. */
export function preparedIds<R, S extends Values = Record<never, never>>(
  build: (db: Db, ids: readonly string[], shared: S) => Compilable<R>,
): (db: Db, ids: readonly string[], shared?: S) => Promise<R[]> {
  const ofRows = preparedRows((db, rows: readonly { readonly id: string }[], shared: S) =>
    build(
      db,
      rows.map((r) => r.id),
      shared,
    ),
  );
  return async (db, ids, shared) => {
    const found: R[] = [];
    for (const some of slices(ids, sizes[0])) {
      const size = sizes.findLast((s) => s >= some.length) ?? some.length;
      const rows = Array.from({ length: size }, (_, i) => ({ id: some[Math.min(i, some.length - 1)] ?? '' }));
      found.push(...(await ofRows(db, rows, shared)));
    }
    return found;
  };
}

function anyValues<V>(): V {
  return new Proxy({}, { get: (_, name) => new Placeholder(null, String(name)) }) as V;
}

function placesOf<V>(rows: number, columns: readonly string[]): V[] {
  const placesIn = (row: number) => columns.map((name) => [name, new Placeholder(row, name)]);
  return Array.from({ length: rows }, (_, row) => Object.fromEntries(placesIn(row)) as V);
}

async function run<R>(
  db: Db,
  query: CompiledQuery<R>,
  shared: Values,
  rows: readonly Values[],
): Promise<R[]> {
  const given = ({ row, name }: Placeholder) => (row === null ? shared : rows[row])?.[name];
  const parameters = query.parameters.map((p) => (p instanceof Placeholder ? given(p) : p));
  return (await db.executeQuery<R>({ ...query, parameters })).rows;
}
