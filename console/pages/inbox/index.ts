import type { App } from '../../context.ts';
import { barrierPage } from './barrier.tsx';
import { inboxPage } from './inbox.tsx';

export function inboxPages(app: App): void {
  inboxPage(app);
  barrierPage(app);
}
