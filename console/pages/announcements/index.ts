import type { App } from '../../context.ts';
import { composePages } from './compose.tsx';
import { correctPage } from './correct.tsx';
import { announcementCsv } from './csv.ts';
import { announcementsPage } from './list.tsx';
import { listPages } from './lists.tsx';
import { reportPage } from './report.tsx';
import { sendAction } from './send.ts';
import { steerActions } from './steer.ts';

export function announcementPages(app: App): void {
  announcementsPage(app);
  composePages(app);
  sendAction(app);
  announcementCsv(app);
  correctPage(app);
  steerActions(app);
  listPages(app);
  reportPage(app);
}
