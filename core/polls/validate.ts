import { DomainError } from '../domain-error.ts';
import { type Language, languages } from '../language.ts';
import {
  defaultReminders,
  isReminderCount,
  isReminderPause,
  type Reminders,
  reminderLimits,
} from '../reminders.ts';
import { type Authored, literal } from '../text.ts';
import { tidy } from '../tidy.ts';
import { type PollDraft, pollLimits } from './poll.ts';

export interface CheckedPoll {
  readonly question: Authored;
  readonly options: readonly Authored[];
  /** Epoch ms. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly reminders: Reminders;
}

/** The draft with its words tidied and its times settled; throws the first thing that is wrong, with its field. Pure. */
export function checkPoll(draft: PollDraft, now: number): CheckedPoll {
  const question = tidied(draft.question);
  const options = draft.options.map(tidied);
  checkQuestion(question);
  checkOptions(options);
  const opensAt = Math.max(now, draft.opensAt ?? now);
  checkTimes(opensAt, draft.closesAt, now);
  const reminders = draft.reminders ?? defaultReminders;
  checkReminders(reminders);
  return { question, options, opensAt, closesAt: draft.closesAt, reminders };
}

function checkQuestion(question: Authored): void {
  const { question: max } = pollLimits;
  if (Object.keys(question).length === 0) throw new DomainError('polls:errors.noQuestion', {}, 'question');
  for (const [language, words] of entries(question)) {
    if (length(words) > max) {
      throw new DomainError('polls:errors.questionTooLong', { max }, `question.${language}`);
    }
  }
}

function checkOptions(options: readonly Authored[]): void {
  const { fewestOptions: min, mostOptions: most, option: max } = pollLimits;
  if (options.length < min || options.length > most) {
    throw new DomainError('polls:errors.optionCount', { min, max: most }, 'options');
  }
  options.forEach((option, position) => {
    if (Object.keys(option).length === 0) {
      throw new DomainError('polls:errors.noLabel', {}, `options.${position}`);
    }
    for (const [language, words] of entries(option)) {
      const field = `options.${position}.${language}`;
      if (length(words) > max) throw new DomainError('polls:errors.optionTooLong', { max }, field);
      if (options.slice(0, position).some((earlier) => sameWords(earlier[language], words))) {
        throw new DomainError('polls:errors.optionTwice', { label: literal(words) }, field);
      }
    }
  });
}

function checkTimes(opensAt: number, closesAt: number, now: number): void {
  if (!(closesAt > now)) throw new DomainError('polls:errors.closesInPast', {}, 'closesAt');
  if (closesAt <= opensAt) throw new DomainError('polls:errors.closesBeforeOpens', {}, 'closesAt');
}

function checkReminders({ count, everyHours }: Reminders): void {
  if (isReminderCount(count) && (count === 0 || isReminderPause(everyHours))) return;
  const { most: max, longestHours: hours } = reminderLimits;
  throw new DomainError('polls:errors.reminders', { max, hours }, 'reminders');
}

/** One clean line each; languages without words are left out. */
function tidied(text: Authored): Authored {
  return Object.fromEntries(
    languages.map((l): [Language, string] => [l, tidy(text[l] ?? '')]).filter(([, words]) => words !== ''),
  );
}

function entries(text: Authored): [Language, string][] {
  return languages.flatMap((l) => (text[l] === undefined ? [] : [[l, text[l]]]));
}

/** Characters as people count them, not UTF-16 units. */
const length = (words: string) => [...words].length;

const sameWords = (a: string | undefined, b: string) => a?.toLocaleLowerCase() === b.toLocaleLowerCase();
