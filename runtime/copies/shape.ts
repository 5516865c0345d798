import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../../core/store/schema.ts';
import type { Database } from '../database.ts';

/** A table as a copy needs it. */
export interface TableShape {
  readonly name: string;
  /** In the order of their names: the same on every database, whatever migrations added when. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Holds whole files. */
  readonly bytes: boolean;
}

interface Found {
  readonly columns: readonly { table: string; column: string; key: number; bytes: number }[];
  readonly references: readonly { table: string; parent: string }[];
}

/** Every table of the network as the database itself tells it, those referred to before those that refer to them. */
export async function tablesOf(db: Db, kind: Database['kind']): Promise<TableShape[]> {
  const { columns, references } = await (kind === 'sqlite' ? askSqlite(db) : askPostgres(db));
  const names = [...new Set(columns.map((c) => c.table))].filter((n) => !n.startsWith('kysely_')).sort();
  return parentsFirst(names, references).map((name) => {
    const own = columns.filter((c) => c.table === name);
    const key = own.filter((c) => c.key > 0).sort((a, b) => a.key - b.key);
    if (key.length === 0) throw new Error(`the table ${name} has no primary key`);
    return {
      name,
      columns: own.map((c) => c.column).sort(),
      key: key.map((c) => c.column),
      bytes: own.some((c) => Number(c.bytes) === 1),
    };
  });
}

async function askSqlite(db: Db): Promise<Found> {
  const columns = await sql<Found['columns'][number]>`
    select t.name as "table", c.name as "column", c.pk as "key", lower(c.type) = 'blob' as "bytes"
    from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'`.execute(db);
  const references = await sql<Found['references'][number]>`
    select t.name as "table", f."table" as "parent"
    from sqlite_master t join pragma_foreign_key_list(t.name) f where t.type = 'table'`.execute(db);
  return { columns: columns.rows, references: references.rows };
}

async function askPostgres(db: Db): Promise<Found> {
  const columns = await sql<Found['columns'][number]>`
    select c.relname as "table", a.attname as "column",
      coalesce(array_position(k.conkey, a.attnum), 0) as "key", (a.atttypid = 'bytea'::regtype)::int as "bytes"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
    where c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace = current_schema()::regnamespace`.execute(db);
  const references = await sql<Found['references'][number]>`
    select c.relname as "table", p.relname as "parent"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = current_schema()::regnamespace`.execute(db);
  return { columns: columns.rows, references: references.rows };
}

function parentsFirst(names: readonly string[], references: Found['references']): string[] {
  const placed = new Set<string>();
  while (placed.size < names.length) {
    const next = names.find(
      (name) =>
        !placed.has(name) &&
        references.every((r) => r.table !== name || r.parent === name || placed.has(r.parent)),
    );
    if (next === undefined) throw new Error('tables refer to one another in a circle');
    placed.add(next);
  }
  return [...placed];
}

/** "a", "b" as both databases quote names. */
export const quoted = (names: readonly string[]) => names.map((n) => `"${n}"`).join(', ');

/** Runs a statement with `?` where a value goes, written as this database wants it. */
export async function run<T>(
  db: Db,
  kind: Database['kind'],
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  let n = 0;
  const written = kind === 'sqlite' ? text : text.replaceAll('?', () => `$${++n}`);
  return (await db.executeQuery<T>(CompiledQuery.raw(written, [...values]))).rows;
}
