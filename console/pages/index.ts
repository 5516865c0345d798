import type { App } from '../context.ts';
import { announcementPages } from './announcements/index.ts';
import { attachmentPage } from './attachment.ts';
import { audienceReachPart } from './audience-reach.tsx';
import { demoActions } from './demo.ts';
import { homePage } from './home.tsx';
import { inboxPages } from './inbox/index.ts';
import { changeLanguage } from './language.ts';
import { livePage } from './live.ts';
import { messengerPages } from './messengers/index.ts';
import { peoplePages } from './people/index.ts';
import { pollPages } from './polls/index.ts';
import { replyActions } from './replies.ts';
import { restoredPage } from './restored.tsx';
import { settingsPages } from './settings/index.ts';
import { signInPage } from './sign-in.tsx';
import { signOutAction } from './sign-out.ts';
import { welcomePage } from './welcome.tsx';

/** Pages anybody may open. */
export function publicPages(app: App): void {
  signInPage(app);
  changeLanguage(app);
}

/** Pages for staff and administrators. */
export function staffPages(app: App): void {
  livePage(app);
  signOutAction(app);
  homePage(app);
  attachmentPage(app);
  audienceReachPart(app);
  announcementPages(app);
  pollPages(app);
  inboxPages(app);
  replyActions(app);
  peoplePages(app);
  messengerPages(app);
  settingsPages(app);
  restoredPage(app);
  demoActions(app);
  welcomePage(app);
}
