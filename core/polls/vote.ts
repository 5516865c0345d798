import { DomainError } from '../domain-error.ts';
import { refresh } from '../outbox.ts';
import { changeDelivery, findDelivery, findDeliveryOf, shownTo } from '../store/deliveries.ts';
import { findNetwork } from '../store/network.ts';
import {
  addVotes,
  findBallot,
  firstBallots,
  lockPoll,
  markAnswered,
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
  /** The card the answer was given on, when known: it evidently arrived. */
  readonly deliveryId?: string;
}

/**
 * Takes one person's answer. Everything is checked before anything is written. For an anonymous poll only the counters and
 * the fact of voting are kept: no time, no answer.
 * Errors: closed, stopped, paused, notOpen, notAsked, alreadyVoted (anonymous), noOption, tooMany, unknownOption.
 */
export async function vote(
  unit: Unit,
  { pollId, memberId, values, deliveryId }: Vote,
): Promise<'voted' | 'changed' | 'same'> {
  const poll = await takingVotes(unit, pollId);
  const asked = await findDeliveryOf(unit.db, 'poll', pollId, 'main', memberId);
  if (!asked) throw new DomainError('polls:errors.notAsked');
  const chosen = checked(poll, (await optionsOf(unit.db, pollId)).length, values);
  const before = await findBallot(unit.db, pollId, memberId);
  if (before && poll.anonymous) throw new DomainError('polls:errors.alreadyVoted');
  const outcome = await record(unit, poll, memberId, chosen, before?.options ?? null, before !== undefined);
  await settleCards(unit, poll, memberId, deliveryId);
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
  memberId: string,
  chosen: readonly number[],
  before: string | null,
  voted: boolean,
): Promise<'voted' | 'changed' | 'same'> {
  const options = JSON.stringify(chosen);
  if (before === options) return 'same';
  const changes = new Map(chosen.map((position) => [position, 1]));
  const earlier = before === null ? [] : (JSON.parse(before) as number[]);
  for (const position of earlier) changes.set(position, (changes.get(position) ?? 0) - 1);
  await addVotes(db, poll.id, changes);
  const kept = poll.anonymous ? { options: null, voted_at: null } : { options, voted_at: now };
  await putBallot(db, { poll_id: poll.id, member_id: memberId, ...kept });
  return voted ? 'changed' : 'voted';
}

async function settleCards(unit: Unit, poll: Poll, memberId: string, deliveryId?: string): Promise<void> {
  await markAnswered(unit.db, poll.id, memberId, poll.anonymous ? 0 : unit.now);
  const pressed = deliveryId ? await findDelivery(unit.db, deliveryId) : undefined;
  if (pressed?.member_id === memberId && pressed.status === 'unknown') {
    await changeDelivery(unit.db, pressed.id, { status: 'accepted', reason: null });
  }
  await refresh(unit, await shownTo(unit.db, 'poll', poll.id, memberId), 'person');
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
