import type { Compilable, CompiledQuery } from 'kysely';
import type { Db } from './schema.ts';

/** Stands for a value while its query is compiled. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a query that is run often is given: a place for one value each, never a list. */
type Values = Readonly<Record<string, string | number | null>>;

/**
 * A query that is built and compiled once for a database and then run with other values: doing both anew costs as much as
 * SQLite takes to run it. `build` sees each value only as something to compare with or to set; it must not look at it.
 */
export function prepared<V extends Values, R>(
  build: (db: Db, values: V) => Compilable<R>,
): (db: Db, values: V) => Promise<R[]> {
  const places = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as V;
  const compiled = new WeakMap<object, CompiledQuery<R>>();
  return async (db, values): Promise<R[]> => {
    // A transaction's executor has the adapter of the database it is on.
    const { adapter } = db.getExecutor();
    const query = compiled.get(adapter) ?? build(db, places).compile();
    compiled.set(adapter, query);
    const parameters = query.parameters.map((p) => (p instanceof Placeholder ? values[p.name] : p));
    return (await db.executeQuery<R>({ ...query, parameters })).rows;
  };
}
