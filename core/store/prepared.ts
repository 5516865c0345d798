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

/** Bound values are limited: 32,766 by SQLite, 65,535 by PostgreSQL. A delivery has 29. */
const rowsAtOnce = 500;

/** Of one query: what is sent by hundreds ends with any number of rows, and each number is a query of its own. */
const shapesKept = 24;

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
 * The same for a query about many rows, which is compiled for each number of them. All rows of one call have the same
 * columns; `build` sees them, and the values they share, as `prepared` sees its values.
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
    for (const some of slices(rows, rowsAtOnce)) {
      const columns = Object.keys(some[0] ?? {});
      const shape = `${some.length} ${columns.join()}`;
      const query =
        shapes.get(shape) ??
        build(
          db,
          some.map((_, i) => placesOf<V>(i, columns)),
          values,
        ).compile();
      shapes.delete(shape);
      // Last again: the one not asked for the longest goes.
      shapes.set(shape, query);
      for (const oldest of shapes.keys()) if (shapes.size > shapesKept) shapes.delete(oldest);
      found.push(...(await run(db, query, shared, some as readonly object[] as readonly Values[])));
    }
    return found;
  };
}

/** `preparedRows` of nothing but ids. */
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
  return (db, ids, shared) =>
    ofRows(
      db,
      ids.map((id) => ({ id })),
      shared,
    );
}

function anyValues<V>(): V {
  return new Proxy({}, { get: (_, name) => new Placeholder(null, String(name)) }) as V;
}

function placesOf<V>(row: number, columns: readonly string[]): V {
  return Object.fromEntries(columns.map((name) => [name, new Placeholder(row, name)])) as V;
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
