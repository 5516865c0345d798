import type { App } from '../../context.ts';
import { composePollPages } from './compose.tsx';
import { pollCsv } from './csv.ts';
import { pollsPage } from './list.tsx';
import { pollPage } from './results.tsx';
import { sendPollAction } from './send.ts';
import { steerPollActions } from './steer.ts';

export function pollPages(app: App): void {
  pollsPage(app);
  composePollPages(app);
  sendPollAction(app);
  pollCsv(app);
  steerPollActions(app);
  pollPage(app);
}
