import { stringify } from 'csv-stringify/sync';
import type { Ctx } from './context.ts';

/** A table as spreadsheets of this region open it: UTF-8 with a mark, semicolons, no formulas in people's words. */
export function csvResponse(c: Ctx, name: string, rows: readonly (readonly string[])[]): Response {
  const text = stringify(
    [...rows].map((row) => [...row]),
    { bom: true, delimiter: ';', escape_formulas: true },
  );
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`);
  return c.body(text);
}
