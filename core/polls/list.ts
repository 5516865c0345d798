import type { Audience } from '../audiences/audience.ts';
import { DomainError } from '../domain-error.ts';
import { groupBy } from '../group-by.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import type { Reminders } from '../reminders.ts';
import { figuresOfMany, noFigures, type SubjectFigures } from '../store/counts.ts';
import { findPoll, optionsOfMany, type Poll, type PollOption, pollsBefore } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { labelOf, type PollStatus, questionOf } from './poll.ts';

export interface PollView {
  readonly id: string;
  readonly question: Authored;
  readonly options: readonly Authored[];
  readonly multiple: boolean;
  readonly anonymous: boolean;
  readonly showResults: Poll['show_results'];
  readonly urgent: boolean;
  readonly status: PollStatus;
  readonly audience: Audience;
  /** Epoch ms. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly closedAt: number | null;
  readonly createdAt: number;
  readonly reminders: Reminders;
  readonly asked: number;
  readonly voted: number;
  readonly revision: number;
  readonly demo: boolean;
}

/** Newest first. */
export async function listPolls(db: Db, { cursor, limit }: PageRequest = {}): Promise<Page<PollView>> {
  const size = pageLimit(limit);
  const rows = await pollsBefore(db, decodeCursor(cursor)?.[0] ?? null, size + 1);
  const page = toPage(rows, size, (poll) => [poll.id]);
  return { items: await pollViews(db, page.items), next: page.next };
}

export async function findPollView(db: Db, id: string): Promise<PollView> {
  const poll = await findPoll(db, id);
  const [view] = poll ? await pollViews(db, [poll]) : [];
  if (!view) throw new DomainError('common:errors.notFound');
  return view;
}

async function pollViews(db: Db, polls: readonly Poll[]): Promise<PollView[]> {
  const ids = polls.map((p) => p.id);
  const options = groupBy(await optionsOfMany(db, ids), (o) => o.poll_id);
  const figures = await figuresOfMany(db, 'poll', ids);
  return polls.map((p) => toView(p, options.get(p.id) ?? [], figures.get(p.id) ?? noFigures));
}

function toView(poll: Poll, options: readonly PollOption[], figures: SubjectFigures): PollView {
  return {
    id: poll.id,
    question: questionOf(poll),
    options: options.map(labelOf),
    multiple: poll.multiple === 1,
    anonymous: poll.anonymous === 1,
    showResults: poll.show_results,
    urgent: poll.urgent === 1,
    status: poll.status,
    audience: JSON.parse(poll.audience) as Audience,
    opensAt: poll.opens_at,
    closesAt: poll.closes_at,
    closedAt: poll.closed_at,
    createdAt: poll.created_at,
    reminders: { count: poll.reminder_count, everyHours: poll.reminder_every_hours },
    asked: figures.recipients,
    voted: figures.voted,
    revision: poll.revision,
    demo: poll.demo === 1,
  };
}
