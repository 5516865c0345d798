import { pollCsvColumns, pollCsvRows } from '../../../core/polls/csv.ts';
import { type App, staffView } from '../../context.ts';
import { csvResponse } from '../../csv.ts';

export function pollCsv(app: App): void {
  app.get('/polls/:file{.+\\.csv}', async (c) => {
    const { deps, t } = staffView(c);
    const id = c.req.param('file').slice(0, -'.csv'.length);
    const rows = await pollCsvRows(deps.core.db, id);
    const head = pollCsvColumns.map((column) => t(`polls:csv.${column}`));
    return csvResponse(c, `wici-${id}`, [
      head,
      ...rows.map((row) => pollCsvColumns.map((column) => String(row[column]))),
    ]);
  });
}
