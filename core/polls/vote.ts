import { DomainError } from '../domain-error.ts';
import { refresh } from '../outbox.ts';
import { countVoter } from '../store/counts.ts';
import { cardsOf, type Delivery, findDeliveryOf, isShown, shownTo } from '../store/deliveries.ts';
import { markAnswered, moveDeliveries } from '../store/delivery-status.ts';
import { findNetwork } from '../store/network.ts';
import {
  addGroupVotes,
  addVotes,
  type Ballot,
  findBallot,
  firstBallots,
  lockPoll,
  optionsOf,
  type Poll,
  putBallot,
} from '../store/polls.ts';
import type { Unit } from '../unit.ts';
import { ringChanged } from './moments.ts';
import { isOver } from './poll.ts';

export interface Vote {
  readonly pollId: string;
  readonly memberId: string;
  /** Positions of the chosen options. */
  readonly values: readonly number[];
  /** The member's card the answer was given on, read within this unit, when known: it evidently arrived. */
  readonly card?: Delivery;
}

/**
 * Takes one person's answer. Everything is checked before anything is written. For an anonymous poll only the counters and
 * the fact of voting are kept: no time, no answer.
 * Errors: closed, stopped, paused, notOpen, notAsked, alreadyVoted (anonymous), noOption, tooMany, unknownOption.
 */
export async function vote(
  unit: Unit,
  { pollId, memberId, values, card }: Vote,
): Promise<'voted' | 'changed' | 'same'> {
  const poll = await takingVotes(unit, pollId);
  const asked =
    card?.purpose === 'main' ? card : await findDeliveryOf(unit.db, 'poll', pollId, 'main', memberId);
  if (!asked) throw new DomainError('polls:errors.notAsked');
  const chosen = checked(poll, (await optionsOf(unit.db, pollId)).length, values);
  const before = await findBallot(unit.db, pollId, memberId);
  if (before && poll.anonymous) throw new DomainError('polls:errors.alreadyVoted');
  const outcome = await record(unit, poll, asked, chosen, before);
  await settleCards(unit, poll, memberId, card);
  if (outcome === 'voted') await showResultsFromNow(unit, poll);
  if (outcome !== 'same') ringChanged(unit, pollId);
  return outcome;
}

/** The poll, locked, when it takes votes now. */
export async function takingVotes(unit: Unit, pollId: string): Promise<Poll> {
  const poll = await lockPoll(unit.db, pollId);
  if (!poll) throw new DomainError('common:errors.notFound');
  if (poll.status === 'stopped') throw new DomainError('polls:errors.stopped');
  if (isOver(poll, unit.now)) throw new DomainError('polls:errors.closed');
  if (poll.status === 'paused') throw new DomainError('polls:errors.paused');
  if (poll.status !== 'open') throw new DomainError('polls:errors.notOpen');
  return poll;
}

function checked(poll: Poll, options: number, values: readonly number[]): number[] {
  const chosen = [...new Set(values)].sort((a, b) => a - b);
  if (chosen.length === 0) throw new DomainError('polls:errors.noOption');
  if (!chosen.every((v) => Number.isInteger(v) && v >= 0 && v < options)) {
    throw new DomainError('polls:errors.unknownOption');
  }
  if (chosen.length > 1 && !poll.multiple) throw new DomainError('polls:errors.tooMany');
  return chosen;
}

async function record(
  { db, now }: Unit,
  poll: Poll,
  asked: Delivery,
  chosen: readonly number[],
  before: Ballot | undefined,
): Promise<'voted' | 'changed' | 'same'> {
  const options = JSON.stringify(chosen);
  if (before?.options === options) return 'same';
  const changes = new Map(chosen.map((position) => [position, 1]));
  const earlier = JSON.parse(before?.options ?? '[]') as number[];
  for (const position of earlier) changes.set(position, (changes.get(position) ?? 0) - 1);
  await addVotes(db, poll.id, changes);
  const kept = poll.anonymous ? { options: null, voted_at: null } : { options, voted_at: now };
  await putBallot(db, { poll_id: poll.id, member_id: asked.member_id ?? '', ...kept });
  if (!poll.anonymous) await addGroupVotes(db, poll.id, asked, changes);
  if (before) return 'changed';
  await countVoter(db, asked, poll.anonymous === 1);
  return 'voted';
}

async function settleCards(unit: Unit, poll: Poll, memberId: string, card?: Delivery): Promise<void> {
  const cards = await cardsOf(unit.db, 'poll', poll.id, memberId);
  const asking = cards.filter((c) => c.purpose !== 'result').map((c) => c.id);
  const asked = await markAnswered(unit.db, asking, poll.anonymous ? 0 : unit.now);
  if (card?.status === 'unknown') {
    await moveDeliveries(unit.db, ['unknown'], (e) => e('id', '=', card.id), {
      status: 'accepted',
      reason: null,
    });
  }
  // Those asking as they are now: while the vote waited for one it may have left, still asking.
  const standing = [...cards.filter((c) => c.purpose === 'result'), ...asked];
  await refresh(
    unit,
    standing.filter(isShown).map((c) => c.id),
    'person',
  );
}

/** The vote that makes the group big enough lets those before it see the results they were promised. */
async function showResultsFromNow(unit: Unit, poll: Poll): Promise<void> {
  if (poll.show_results !== 'afterVote') return;
  const { smallest_group } = await findNetwork(unit.db);
  const ballots = await firstBallots(unit.db, poll.id, smallest_group + 1);
  if (ballots.length !== smallest_group) return;
  for (const { member_id } of ballots) {
    await refresh(unit, await shownTo(unit.db, 'poll', poll.id, member_id), 'broadcast');
  }
}
