import type { Audience } from '../audiences/audience.ts';
import type { Language } from '../language.ts';
import type { Reminders } from '../reminders.ts';
import type { Announcement } from '../store/announcements.ts';
import type { Authored } from '../text.ts';

/** What staff composes. Texts in at least one language; what is absent takes the default named. */
export interface AnnouncementDraft {
  readonly title: Authored;
  readonly text: Authored;
  readonly link?: string;
  readonly attachmentId?: string;
  /** Everyone when absent. */
  readonly audience?: Audience;
  /** Groups it is posted in as well, by their ids; none when absent. */
  readonly groups?: readonly string[];
  /** Asks members to confirm that they have read it. */
  readonly confirm: boolean;
  /** Heeds no quiet hours. */
  readonly urgent?: boolean;
  /** Members may write back under it; true when absent. */
  readonly replies?: boolean;
  /** Epoch milliseconds; absent or past = now. */
  readonly sendAt?: number;
  /** `defaultReminders` when absent and confirmation is asked. */
  readonly reminders?: Reminders;
  /** Send although the languages differ. */
  readonly overrideParity?: boolean;
  readonly demo?: boolean;
}

export type AnnouncementStatus = Announcement['status'];

/**
 * UTF-16 units. Title and text of this length fit one message together with Wici's own words, only on Discord they may take
 * two or three.
 */
export const limits = { title: 200, text: 3500, link: 2000, attachmentBytes: 10_000_000 } as const;

/** How long a confirmation can be taken back. */
export const undoMs = 5 * 60_000;

export const titleOf = (row: Pick<Announcement, 'title_pl' | 'title_en'>): Authored =>
  present({ pl: row.title_pl, en: row.title_en });

export const textOf = (row: Pick<Announcement, 'text_pl' | 'text_en'>): Authored =>
  present({ pl: row.text_pl, en: row.text_en });

export const audienceOf = (row: Pick<Announcement, 'audience'>): Audience =>
  JSON.parse(row.audience) as Audience;

export const groupsOf = (row: Pick<Announcement, 'group_ids'>): string[] =>
  JSON.parse(row.group_ids) as string[];

export const topicOf = (id: string): string => `announcement:${id}`;

function present(texts: Record<Language, string | null>): Authored {
  return {
    ...(texts.pl === null ? {} : { pl: texts.pl }),
    ...(texts.en === null ? {} : { en: texts.en }),
  };
}
