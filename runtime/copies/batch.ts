import { hash } from 'node:crypto';

export type Value = string | number | null | Uint8Array;

/** Some rows of one table. Each table comes at least once, if need be without rows. */
export interface Batch {
  readonly table: string;
  readonly columns: readonly string[];
  /** Each row as one line of JSON: see lineOf. */
  readonly lines: readonly string[];
}

export type Batches = AsyncIterable<Batch>;

/** What a table holds: how many rows, and a checksum over them that does not depend on their order. */
export interface TableSum {
  readonly rows: number;
  readonly digest: string;
}

export type Sums = Readonly<Record<string, TableSum>>;

/** A row as a line: the same on every database. */
export function lineOf(row: readonly Value[]): string {
  const bytes = row.some((value) => value instanceof Uint8Array);
  return JSON.stringify(bytes ? row.map(packed) : row);
}

export function rowOf(line: string): Value[] {
  return (JSON.parse(line) as (Exclude<Value, Uint8Array> | { base64: string })[]).map((value) =>
    value !== null && typeof value === 'object' ? Buffer.from(value.base64, 'base64') : value,
  );
}

const packed = (value: Value) =>
  value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;

/** Adds up what passes. */
export class Tally {
  readonly #sums = new Map<string, { rows: number; digest: bigint }>();

  add({ table, lines }: Batch): void {
    const sum = this.#sums.get(table) ?? { rows: 0, digest: 0n };
    for (const line of lines) sum.digest += BigInt(`0x${hash('sha256', line).slice(0, 32)}`);
    sum.rows += lines.length;
    this.#sums.set(table, sum);
  }

  sums(): Sums {
    return Object.fromEntries(
      [...this.#sums].map(([table, { rows, digest }]) => [
        table,
        { rows, digest: BigInt.asUintN(128, digest).toString(16).padStart(32, '0') },
      ]),
    );
  }
}

/** What passes through, added up. */
export async function* tallied(batches: Batches, tally: Tally): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    tally.add(batch);
    yield batch;
  }
}

/** The tables in which two copies differ, with both counts. */
export function differences(expected: Sums, found: Sums): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort().flatMap((table) => {
    const [a, b] = [expected[table], found[table]];
    if (a?.rows === b?.rows && a?.digest === b?.digest) return [];
    return [`${table} (${a?.rows ?? 0} rows there, ${b?.rows ?? 0} here)`];
  });
}

/** What passes through, until `stop` is given; then it throws. */
export async function* until(batches: Batches, stop: AbortSignal | undefined): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    stop?.throwIfAborted();
    yield batch;
  }
}
