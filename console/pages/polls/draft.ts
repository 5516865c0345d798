import { Temporal } from 'temporal-polyfill';
import { DomainError } from '../../../core/domain-error.ts';
import type { PollDraft } from '../../../core/polls/poll.ts';
import { pollLimits } from '../../../core/polls/poll.ts';
import { defaultReminders } from '../../../core/reminders.ts';
import { readAudience } from '../../audience-form.ts';
import type { View } from '../../context.ts';
import { Fields } from '../../forms.ts';
import { readAuthored, readMoment, readReminders } from '../announcements/draft.ts';

export const resultsModes = ['afterVote', 'afterClose', 'never'] as const;

/** What the form says, as a draft. Rows left empty are no options. */
export function readPoll(view: View, fields: Fields): PollDraft {
  const mode = fields.text('showResults');
  return {
    question: readAuthored(view, fields, 'question'),
    options: filledRows(view, fields).map((row) => readAuthored(view, fields, `options.${row}`)),
    multiple: fields.text('multiple') === 'many',
    anonymous: fields.text('anonymous') === 'yes',
    showResults: resultsModes.find((m) => m === mode) ?? 'afterClose',
    urgent: fields.checked('urgent'),
    ...(fields.text('when') === 'later' ? { opensAt: readMoment(view, fields, 'sendAt') } : {}),
    closesAt: readMoment(view, fields, 'closesAt'),
    audience: readAudience(fields),
    reminders: readReminders(fields),
    overrideParity: fields.checked('overrideParity'),
  };
}

function filledRows(view: View, fields: Fields): number[] {
  const rows = Array.from({ length: pollLimits.mostOptions }, (_, row) => row);
  return rows.filter((row) => Object.keys(readAuthored(view, fields, `options.${row}`)).length > 0);
}

/** An error about the third option given is about the row it was typed in; a text as a whole means its first language. */
export function atItsRow(view: View, fields: Fields, error: unknown): unknown {
  if (!(error instanceof DomainError) || error.field === undefined) return error;
  const language = view.network.languages[0] ?? 'pl';
  if (error.field === 'question') return new DomainError(error.key, error.params, `question.${language}`);
  const [name, position, given] = error.field.split('.');
  if (name !== 'options') return error;
  const row = position === undefined ? 0 : (filledRows(view, fields)[Number(position)] ?? 0);
  return new DomainError(error.key, error.params, `options.${row}.${given ?? language}`);
}

/** What a new poll begins with: one choice, by name, open until the afternoon in three days, results then. */
export function freshPoll(view: View): Fields {
  const closes = Temporal.Instant.fromEpochMilliseconds(view.now)
    .toZonedDateTimeISO(view.network.timeZone)
    .add({ days: 3 })
    .toPlainDate()
    .toPlainDateTime({ hour: 16 })
    .toString({ smallestUnit: 'minute' });
  const values: [string, string[]][] = [
    ['closesAt', [closes]],
    ['showResults', ['afterClose']],
    ['reminderCount', [String(defaultReminders.count)]],
    ['reminderEvery', [String(defaultReminders.everyHours)]],
  ];
  return new Fields(new Map(values));
}
