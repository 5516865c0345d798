import type { App } from '../../context.ts';
import { branchActions } from './branches.tsx';
import { openLinkAction } from './open-link.ts';
import { settingsPage } from './settings.tsx';
import { tokenActions } from './token-actions.ts';

export function settingsPages(app: App): void {
  settingsPage(app);
  openLinkAction(app);
  branchActions(app);
  tokenActions(app);
}
