import type { Draft } from '../deliveries/content.ts';
import { languages } from '../language.ts';
import { findAttachmentInfo } from '../store/attachments.ts';
import type { Delivery } from '../store/deliveries.ts';
import { findMember } from '../store/members.ts';
import { findNetwork } from '../store/network.ts';
import { type Ballot, findBallot, findPoll, optionsOf, type Poll } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import { type CardState, cardBlocks } from './card-blocks.ts';
import { resultPictureId } from './draw-results.ts';
import { isOver, labelOf, questionOf } from './poll.ts';
import { type PollResults, resultsFor } from './results.ts';

/**
 * What a delivery of a poll says now: the question to answer, the answer given, or that it is over. Null when nothing is
 * left to say: a reminder of what was answered, a card that did not leave before the closing, a result not out.
 */
export async function pollCard(db: Db, delivery: Delivery, now: number): Promise<Draft | null> {
  const poll = await findPoll(db, delivery.subject_id);
  if (!poll || delivery.member_id === null) return null;
  const ballot = await findBallot(db, poll.id, delivery.member_id);
  const shown = delivery.external_message_id !== null;
  if (!shown && isPointless(poll, delivery, ballot, now)) return null;
  const state = await cardState(db, poll, delivery, ballot, now);
  return cardBlocks(state);
}

/** Nothing to send any more (what is shown already is still edited). */
function isPointless(poll: Poll, { purpose }: Delivery, ballot: Ballot | undefined, now: number): boolean {
  if (purpose === 'result') return poll.status !== 'closed' || poll.show_results === 'never';
  if (isOver(poll, now)) return purpose !== 'shown';
  return purpose.startsWith('reminder.') && ballot !== undefined;
}

async function cardState(
  db: Db,
  poll: Poll,
  delivery: Delivery,
  ballot: Ballot | undefined,
  now: number,
): Promise<CardState> {
  const network = await findNetwork(db);
  const results = await resultsForMember(db, poll, ballot, now);
  return {
    purpose: delivery.purpose,
    question: questionOf(poll),
    options: (await optionsOf(db, poll.id)).map(labelOf),
    multiple: poll.multiple === 1,
    anonymous: poll.anonymous === 1,
    showResults: poll.show_results,
    phase: phaseOf(poll, now),
    closesAt: poll.closed_at ?? poll.closes_at,
    timeZone: network.time_zone,
    smallestGroup: network.smallest_group,
    voted: ballot !== undefined,
    answer: ballot?.options ? (JSON.parse(ballot.options) as number[]) : null,
    changing: ballot !== undefined && poll.anonymous === 0 && delivery.confirmed_at === null,
    results,
    picture: delivery.purpose === 'result' && results ? await pictureFor(db, poll, delivery) : null,
  };
}

function phaseOf(poll: Poll, now: number): CardState['phase'] {
  if (poll.status === 'stopped' || (poll.status === 'paused' && !isOver(poll, now))) return poll.status;
  return isOver(poll, now) ? 'closed' : 'open';
}

/** What a member may see of the answers now, or null when nothing is shown yet (or ever). */
async function resultsForMember(
  db: Db,
  poll: Poll,
  ballot: Ballot | undefined,
  now: number,
): Promise<PollResults | null> {
  if (poll.show_results === 'never' || poll.status === 'stopped') return null;
  const whileOpen = poll.show_results === 'afterVote' && ballot !== undefined && !isOver(poll, now);
  return whileOpen || poll.status === 'closed' ? resultsFor(db, poll, 'member') : null;
}

async function pictureFor(db: Db, poll: Poll, delivery: Delivery): Promise<string | null> {
  const member = delivery.member_id ? await findMember(db, delivery.member_id) : undefined;
  const id = resultPictureId(poll.id, member?.language ?? languages[0]);
  return (await findAttachmentInfo(db, id)) ? id : null;
}
