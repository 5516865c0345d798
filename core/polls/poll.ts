import type { Audience } from '../audiences/audience.ts';
import type { Reminders } from '../reminders.ts';
import type { Poll, PollOption } from '../store/polls.ts';
import type { Authored } from '../text.ts';

export interface PollDraft {
  readonly question: Authored;
  readonly options: readonly Authored[];
  readonly multiple: boolean;
  readonly anonymous: boolean;
  /** What members see of the answers; how that keeps an anonymous poll anonymous says decision 005. */
  readonly showResults: Poll['show_results'];
  /** Does not wait for the end of quiet hours. */
  readonly urgent?: boolean;
  /** Epoch ms; absent or past = now. */
  readonly opensAt?: number;
  /** Epoch ms. */
  readonly closesAt: number;
  /** Everyone when absent. */
  readonly audience?: Audience;
  /** `defaultReminders` when absent. */
  readonly reminders?: Reminders;
  /** Send although the languages differ. */
  readonly overrideParity?: boolean;
  readonly demo?: boolean;
}

export type PollStatus = Poll['status'];

export const pollLimits = {
  question: 300,
  option: 100,
  fewestOptions: 2,
  mostOptions: 20,
} as const;

const hour = 3_600_000;

export function questionOf(poll: Pick<Poll, 'question_pl' | 'question_en'>): Authored {
  return byLanguage(poll.question_pl, poll.question_en);
}

export function labelOf(option: Pick<PollOption, 'label_pl' | 'label_en'>): Authored {
  return byLanguage(option.label_pl, option.label_en);
}

/** When the reminders of a poll are due, first to last; none at or after its closing. */
export function reminderMoments(
  poll: Pick<Poll, 'opens_at' | 'closes_at' | 'reminder_count' | 'reminder_every_hours'>,
): number[] {
  return Array.from(
    { length: poll.reminder_count },
    (_, n) => poll.opens_at + (n + 1) * poll.reminder_every_hours * hour,
  ).filter((at) => at < poll.closes_at);
}

/** The reminders that come before it closes. */
export function remindersBeforeClosing({
  opensAt,
  closesAt,
  reminders,
}: {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly reminders: Reminders;
}): Reminders {
  const { count, everyHours } = reminders;
  const times = { opens_at: opensAt, closes_at: closesAt };
  const moments = reminderMoments({ ...times, reminder_count: count, reminder_every_hours: everyHours });
  return { count: moments.length, everyHours };
}

/** It is over: no vote counts any more, whether or not its closing has been worked off. */
export function isOver(poll: Pick<Poll, 'status' | 'closes_at'>, now: number): boolean {
  return poll.status === 'closed' || poll.status === 'stopped' || poll.closes_at <= now;
}

function byLanguage(pl: string | null, en: string | null): Authored {
  return { ...(pl === null ? {} : { pl }), ...(en === null ? {} : { en }) };
}
