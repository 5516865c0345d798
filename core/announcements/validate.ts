import { parseAudience } from '../audiences/parse.ts';
import { webAddress } from '../channels/links.ts';
import { DomainError } from '../domain-error.ts';
import { type Language, languages } from '../language.ts';
import {
  defaultReminders,
  isReminderCount,
  isReminderPause,
  noReminders,
  type Reminders,
  reminderLimits,
} from '../reminders.ts';
import type { Authored, Text } from '../text.ts';
import { literal, say } from '../text.ts';
import { tidy, tidyLines } from '../tidy.ts';
import { type AnnouncementDraft, limits } from './announcement.ts';
import { describeProblem, type ParityProblem, parityProblems } from './parity.ts';

/** The languages of an announcement differ and staff has not said that this is meant. */
export class ParityError extends DomainError {
  readonly problems: readonly ParityProblem[];

  constructor(problems: readonly ParityProblem[], key = 'announcements:errors.parity') {
    super(
      key,
      { count: problems.length, details: inOneLine(problems.map(describeProblem)) },
      problems[0]?.part,
    );
    this.problems = problems;
  }
}

/** A draft with every default filled in and every text trimmed. */
export interface CheckedDraft extends Required<Omit<AnnouncementDraft, 'link' | 'attachmentId'>> {
  readonly link: string | null;
  readonly attachmentId: string | null;
}

/** Checks what can be checked without the database. Throws DomainErrors 'announcements:errors.…' naming the field. */
export function checkDraft(draft: AnnouncementDraft, now: number): CheckedDraft {
  const { title, text, link } = checkTexts(draft);
  return {
    title,
    text,
    link,
    attachmentId: draft.attachmentId ?? null,
    audience: parseAudience(draft.audience),
    groups: [...new Set(draft.groups ?? [])],
    confirm: draft.confirm,
    urgent: draft.urgent ?? false,
    replies: draft.replies ?? true,
    sendAt: checkMoment(draft.sendAt, now),
    reminders: checkReminders(draft),
    overrideParity: draft.overrideParity ?? false,
    demo: draft.demo ?? false,
  };
}

export interface Texts {
  readonly title: Authored;
  readonly text: Authored;
  readonly link: string | null;
}

export function checkTexts({
  title,
  text,
  link,
}: Pick<AnnouncementDraft, 'title' | 'text'> & { readonly link?: string | null }): Texts {
  return {
    title: checkAuthored(title, 'title', limits.title),
    text: checkAuthored(text, 'text', limits.text),
    link: checkLink(link ?? undefined),
  };
}

/** Where the languages the network speaks differ; none when it speaks one. */
export function draftProblems({ title, text }: Texts, spoken: readonly Language[]): ParityProblem[] {
  return spoken.length > 1 ? parityProblems({ title, text }) : [];
}

const clean = { title: tidy, text: tidyLines };

function checkAuthored(authored: Authored, field: 'title' | 'text', limit: number): Authored {
  const checked: Partial<Record<Language, string>> = {};
  for (const language of languages) {
    const words = clean[field](authored[language] ?? '');
    if (!words) continue;
    if (words.length > limit) {
      throw new DomainError(
        `announcements:errors.${field}Long`,
        { limit, length: words.length },
        `${field}.${language}`,
      );
    }
    checked[language] = words;
  }
  if (Object.keys(checked).length === 0)
    throw new DomainError(`announcements:errors.${field}Empty`, {}, field);
  return checked;
}

function checkLink(link: string | undefined): string | null {
  const typed = link?.trim();
  if (!typed) return null;
  const address = webAddress(typed);
  if (address === null || address.length > limits.link) {
    throw new DomainError('announcements:errors.link', {}, 'link');
  }
  return address;
}

function checkMoment(at: number | undefined, now: number): number {
  if (at === undefined) return now;
  if (!Number.isFinite(at)) throw new DomainError('announcements:errors.sendAt', {}, 'sendAt');
  return Math.max(now, Math.trunc(at));
}

function checkReminders({ confirm, reminders }: AnnouncementDraft): Reminders {
  const { count, everyHours } = reminders ?? (confirm ? defaultReminders : noReminders);
  const { most: max, longestHours: hours } = reminderLimits;
  if (!isReminderCount(count)) {
    throw new DomainError('announcements:errors.reminderCount', { max }, 'reminders.count');
  }
  if (!isReminderPause(everyHours)) {
    throw new DomainError('announcements:errors.reminderHours', { hours }, 'reminders.everyHours');
  }
  return { count, everyHours };
}

function inOneLine(texts: readonly Text[]): Text {
  const [first = literal(''), ...rest] = texts;
  return rest.length === 0 ? first : say('announcements:parity.and', { first, rest: inOneLine(rest) });
}
