import type { Dialog } from '../dialog.ts';
import { announceDialog } from './announce.ts';
import { answerDialog } from './answer.ts';
import { eraseDialog } from './erase.ts';
import { feedbackDialog } from './feedback.ts';
import { joinDialog } from './join.ts';
import { nameDialog } from './name.ts';
import { reportDialog } from './report.ts';

const dialogs = new Map<string, Dialog<unknown>>(
  [joinDialog, reportDialog, feedbackDialog, answerDialog, announceDialog, eraseDialog, nameDialog].map(
    (dialog) => [dialog.name, dialog as Dialog<unknown>],
  ),
);

export function findDialog(name: string): Dialog<unknown> | undefined {
  return dialogs.get(name);
}
