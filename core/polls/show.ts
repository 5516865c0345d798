import type { Audience } from '../audiences/audience.ts';
import { DomainError } from '../domain-error.ts';
import { dedupeKey, enqueue, type NewDelivery } from '../outbox.ts';
import { membersOfAudience } from '../store/audiences.ts';
import { findDeliveryOf } from '../store/deliveries.ts';
import { setAnswered } from '../store/delivery-status.ts';
import { findBallot, findPoll, openPolls, type Poll } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import type { Unit } from '../unit.ts';
import { questionOf } from './poll.ts';

export interface OpenPoll {
  readonly id: string;
  readonly question: Authored;
  readonly closesAt: number;
  readonly anonymous: boolean;
  readonly voted: boolean;
}

/** Polls this member may answer now, the one that closes first in front. */
export async function openPollsFor(db: Db, memberId: string, now: number): Promise<OpenPoll[]> {
  const mine: OpenPoll[] = [];
  for (const poll of await openPolls(db, now)) {
    if (!(await isAsked(db, poll, memberId))) continue;
    mine.push({
      id: poll.id,
      question: questionOf(poll),
      closesAt: poll.closes_at,
      anonymous: poll.anonymous === 1,
      voted: (await findBallot(db, poll.id, memberId)) !== undefined,
    });
  }
  return mine;
}

/**
 * Shows the poll's card to a member who asks for it, at once and on the account they wrote from. Someone who came after
 * the opening and belongs to its audience is asked by this.
 */
export async function showPoll(
  unit: Unit,
  pollId: string,
  memberId: string,
  accountId?: string,
): Promise<void> {
  const poll = await findPoll(unit.db, pollId);
  if (!poll) throw new DomainError('common:errors.notFound');
  if (!(await isAsked(unit.db, poll, memberId))) throw new DomainError('polls:errors.notAsked');
  const main = await findDeliveryOf(unit.db, 'poll', pollId, 'main', memberId);
  const subject = { kind: 'poll', id: pollId } as const;
  const delivery: NewDelivery = {
    to: { memberId, ...(accountId ? { accountId } : {}) },
    subject,
    lane: 'person',
  };
  const [made] = await enqueue(unit, [
    main
      ? { ...delivery, purpose: 'shown' }
      : { ...delivery, dedupeKey: dedupeKey(subject, 'main', memberId) },
  ]);
  const voted = await findBallot(unit.db, pollId, memberId);
  if (made && voted) await setAnswered(unit.db, made, voted.voted_at ?? 0);
}

async function isAsked(db: Db, poll: Poll, memberId: string): Promise<boolean> {
  if (await findDeliveryOf(db, 'poll', poll.id, 'main', memberId)) return true;
  const audience = JSON.parse(poll.audience) as Audience;
  if (audience.members?.length && !audience.members.includes(memberId)) return false;
  const [member] = await membersOfAudience(db, { ...audience, members: [memberId] }, { after: '', limit: 1 });
  return member !== undefined;
}
