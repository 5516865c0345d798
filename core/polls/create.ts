import { parityProblems } from '../announcements/parity.ts';
import type { Audience } from '../audiences/audience.ts';
import { checkAudience, parseAudience } from '../audiences/parse.ts';
import { DomainError } from '../domain-error.ts';
import { findNetwork } from '../store/network.ts';
import { insertPoll, type Poll } from '../store/polls.ts';
import type { NewRow } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import type { Unit } from '../unit.ts';
import { ringChanged, scheduleAll } from './moments.ts';
import type { PollDraft, PollStatus } from './poll.ts';
import { type CheckedPoll, checkPoll } from './validate.ts';

/** The parts of a poll whose languages must agree, named as fields. */
export function partsOf({
  question,
  options,
}: Pick<CheckedPoll, 'question' | 'options'>): Record<string, Authored> {
  return { question, ...Object.fromEntries(options.map((label, n) => [`options.${n}`, label])) };
}

/**
 * Makes a poll that opens at its time (at once when that has come). Throws what is wrong with the draft, and
 * polls:errors.parity when the languages differ and nobody said they should.
 */
export async function createPoll(
  unit: Unit,
  draft: PollDraft,
  authorId: string | null,
): Promise<{ id: string; status: PollStatus }> {
  const checked = checkPoll(draft, unit.now);
  const audience = parseAudience(draft.audience);
  await checkAudience(unit.db, audience);
  const { languages } = await findNetwork(unit.db);
  const bilingual = (JSON.parse(languages) as string[]).length > 1;
  const problems = bilingual && !draft.overrideParity ? parityProblems(partsOf(checked)) : [];
  const [first] = problems;
  if (first) throw new DomainError('polls:errors.parity', {}, first.part);
  const poll = toRow(unit, draft, audience, checked, authorId);
  await insertPoll(unit.db, poll, toOptionRows(poll.id, checked.options));
  await scheduleAll(unit, poll);
  ringChanged(unit, poll.id);
  return { id: poll.id, status: poll.status };
}

function toRow(
  unit: Unit,
  draft: PollDraft,
  audience: Audience,
  checked: CheckedPoll,
  authorId: string | null,
): Poll {
  const { question, opensAt, closesAt, reminders } = checked;
  return {
    id: unit.ids.next(),
    question_pl: question.pl ?? null,
    question_en: question.en ?? null,
    multiple: draft.multiple ? 1 : 0,
    anonymous: draft.anonymous ? 1 : 0,
    show_results: draft.showResults,
    audience: JSON.stringify(audience),
    urgent: draft.urgent ? 1 : 0,
    opens_at: opensAt,
    closes_at: closesAt,
    reminder_count: reminders.count,
    reminder_every_hours: Math.max(1, reminders.everyHours),
    status: 'scheduled',
    author_id: authorId,
    demo: draft.demo ? 1 : 0,
    revision: 1,
    created_at: unit.now,
    closed_at: null,
  };
}

function toOptionRows(pollId: string, options: readonly Authored[]): NewRow<'poll_option'>[] {
  return options.map((label, position) => ({
    poll_id: pollId,
    position,
    label_pl: label.pl ?? null,
    label_en: label.en ?? null,
    votes: 0,
  }));
}
