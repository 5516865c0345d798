import { DomainError } from '../domain-error.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import { countAsked, countBallots, findPoll, optionsOf, type Poll, pollsBefore } from '../store/polls.ts';
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
  /** Epoch ms. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly closedAt: number | null;
  readonly createdAt: number;
  readonly reminders: { readonly count: number; readonly everyHours: number };
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
  const items: PollView[] = [];
  for (const poll of page.items) items.push(await toView(db, poll));
  return { items, next: page.next };
}

export async function findPollView(db: Db, id: string): Promise<PollView> {
  const poll = await findPoll(db, id);
  if (!poll) throw new DomainError('common:errors.notFound');
  return toView(db, poll);
}

async function toView(db: Db, poll: Poll): Promise<PollView> {
  return {
    id: poll.id,
    question: questionOf(poll),
    options: (await optionsOf(db, poll.id)).map(labelOf),
    multiple: poll.multiple === 1,
    anonymous: poll.anonymous === 1,
    showResults: poll.show_results,
    urgent: poll.urgent === 1,
    status: poll.status,
    opensAt: poll.opens_at,
    closesAt: poll.closes_at,
    closedAt: poll.closed_at,
    createdAt: poll.created_at,
    reminders: { count: poll.reminder_count, everyHours: poll.reminder_every_hours },
    asked: await countAsked(db, poll.id),
    voted: await countBallots(db, poll.id),
    revision: poll.revision,
    demo: poll.demo === 1,
  };
}
