import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Ctx } from './context.ts';

type Rows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

/**
 * A table as spreadsheets of this region open it: UTF-8 with a mark, semicolons, no formulas in people's words. Rows are read
 * as fast as they are taken; a fault before the first one is answered as any other.
 */
export async function csvResponse(c: Ctx, name: string, rows: Rows): Promise<Response> {
  const table = Readable.from(await begun(rows)).pipe(
    stringify({ bom: true, delimiter: ';', escape_formulas: true }),
  );
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`);
  return c.body(Readable.toWeb(table) as ReadableStream);
}

/** The same rows, the first of them read already. */
async function begun(rows: Rows): Promise<AsyncIterable<readonly string[]>> {
  const rest = toAsync(rows);
  const first = await rest.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* rest;
  })();
}

async function* toAsync(rows: Rows): AsyncGenerator<readonly string[]> {
  yield* rows;
}
