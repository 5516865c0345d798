import type { App } from '../../context.ts';
import { messengerActions } from './actions.ts';
import { directoryPages } from './directory.tsx';
import { messengerList } from './list.tsx';
import { messengerPage } from './messenger.tsx';

export function messengerPages(app: App): void {
  messengerList(app);
  directoryPages(app);
  messengerPage(app);
  messengerActions(app);
}
