import { announcementCsvRows } from '../../../core/announcements/index.ts';
import { type App, staffView } from '../../context.ts';
import { csvResponse } from '../../csv.ts';

export function announcementCsv(app: App): void {
  app.get('/announcements/:file{.+\\.csv}', async (c) => {
    const { deps, language } = staffView(c);
    const id = c.req.param('file').slice(0, -'.csv'.length);
    const rows = announcementCsvRows(deps.core.db, id, deps.core.texts, language);
    return csvResponse(c, `wici-${id}`, rows);
  });
}
