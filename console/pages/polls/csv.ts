import { type PollCsvRow, pollCsvColumns, pollCsvRows } from '../../../core/polls/csv.ts';
import { type App, staffView, type View } from '../../context.ts';
import { csvResponse } from '../../csv.ts';

export function pollCsv(app: App): void {
  app.get('/polls/:file{.+\\.csv}', async (c) => {
    const { deps, t, language } = staffView(c);
    const id = c.req.param('file').slice(0, -'.csv'.length);
    return csvResponse(c, `wici-${id}`, table(pollCsvRows(deps.core.db, id, language), t));
  });
}

async function* table(rows: AsyncIterable<PollCsvRow>, t: View['t']): AsyncGenerator<string[]> {
  let begun = false;
  for await (const row of rows) {
    if (!begun) yield pollCsvColumns.map((column) => t(`polls:csv.${column}`));
    begun = true;
    const shown = { ...row, row: t(`polls:csv.rows.${row.row}`) };
    yield pollCsvColumns.map((column) => String(shown[column]));
  }
}
