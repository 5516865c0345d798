import { DomainError } from '../domain-error.ts';
import { figuresOf } from '../store/counts.ts';
import { findNetwork } from '../store/network.ts';
import { findPoll, optionsOf, type Poll, type PollOption } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { labelOf } from './poll.ts';

export interface PollResults {
  readonly asked: number;
  readonly voted: number;
  /** `votes` is null while hidden. */
  readonly options: readonly { readonly label: Authored; readonly votes: number | null }[];
  /** Fewer voted than the network shows. */
  readonly hidden?: 'smallGroup';
}

export type ResultsReader = 'staff' | 'member';

/** What staff (and the API) see. Named polls show staff everything: staff see each answer anyway, and members are told so. */
export async function pollResults(db: Db, id: string): Promise<PollResults> {
  const poll = await findPoll(db, id);
  if (!poll) throw new DomainError('common:errors.notFound');
  return resultsFor(db, poll, 'staff');
}

/** The results as this kind of reader may see them now. Whether members see any (show_results) is the card's concern. */
export async function resultsFor(db: Db, poll: Poll, reader: ResultsReader): Promise<PollResults> {
  const { smallest_group } = await findNetwork(db);
  const { recipients: asked, voted } = await figuresOf(db, 'poll', poll.id);
  const hidden = voted < smallest_group && (poll.anonymous === 1 || reader === 'member');
  return shape(asked, voted, await optionsOf(db, poll.id), hidden);
}

function shape(asked: number, voted: number, options: readonly PollOption[], hidden: boolean): PollResults {
  return {
    asked,
    voted,
    options: options.map((o) => ({ label: labelOf(o), votes: hidden ? null : o.votes })),
    ...(hidden ? { hidden: 'smallGroup' } : {}),
  };
}

/** Whole percent of those who voted; 0 when nobody did. */
export function percent(votes: number, voted: number): number {
  return voted === 0 ? 0 : Math.round((100 * votes) / voted);
}
