import type { Audience } from '../audiences/audience.ts';
import type { Reminders } from '../reminders.ts';
import type { Announcement } from '../store/announcements.ts';
import type { Authored } from '../text.ts';
import { type AnnouncementStatus, audienceOf, groupsOf, textOf, titleOf } from './announcement.ts';

/** An announcement as its row stands. Moments are epoch ms. */
export interface AnnouncementView {
  readonly id: string;
  readonly title: Authored;
  readonly text: Authored;
  readonly link: string | null;
  readonly attachmentId: string | null;
  readonly audience: Audience;
  /** Ids of the groups it is posted in as well. */
  readonly groups: readonly string[];
  readonly confirm: boolean;
  readonly urgent: boolean;
  readonly repliesAllowed: boolean;
  readonly reminders: Reminders;
  readonly status: AnnouncementStatus;
  readonly sendAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly correctedAt: number | null;
  readonly createdAt: number;
  readonly authorId: string | null;
  readonly demo: boolean;
  readonly revision: number;
}

export function toView(row: Announcement): AnnouncementView {
  return {
    id: row.id,
    title: titleOf(row),
    text: textOf(row),
    link: row.link,
    attachmentId: row.attachment_id,
    audience: audienceOf(row),
    groups: groupsOf(row),
    confirm: row.confirm === 1,
    urgent: row.urgent === 1,
    repliesAllowed: row.replies === 1,
    reminders: { count: row.reminder_count, everyHours: row.reminder_every_hours },
    status: row.status,
    sendAt: row.send_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    correctedAt: row.corrected_at,
    createdAt: row.created_at,
    authorId: row.author_id,
    demo: row.demo === 1,
    revision: row.revision,
  };
}
