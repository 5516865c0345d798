import type { App } from '../context.ts';
import { announcementPages } from './announcements/index.ts';
import { attachmentPage } from './attachment.ts';
import { audienceReachPart } from './audience-reach.tsx';
import { homePage } from './home.tsx';
import { changeLanguage } from './language.ts';
import { livePage } from './live.ts';
import { peoplePages } from './people/index.ts';
import { replyActions } from './replies.ts';
import { signInPage } from './sign-in.tsx';
import { signOutAction } from './sign-out.ts';

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
  replyActions(app);
  peoplePages(app);
}
