import { DomainError } from '../domain-error.ts';
import { dropOpenMoments } from '../store/due-moments.ts';
import { changePoll, lockPoll, type Poll } from '../store/polls.ts';
import type { Unit } from '../unit.ts';
import { endPoll } from './close.ts';
import { hold, refreshAll, ringChanged, scheduleAll, scheduleClosing } from './moments.ts';

/** Holds what has not left and takes no votes until resumed; it still closes at its time. */
export async function pausePoll(unit: Unit, id: string): Promise<void> {
  const poll = await steered(unit, id, ['scheduled', 'open']);
  const paused = await moveOn(unit, poll, { status: 'paused' });
  await dropOpenMoments(unit.db, id);
  await scheduleClosing(unit, paused, paused.closes_at);
  await hold(unit, id, true);
  await refreshAll(unit, id);
}

/** Goes on where it was paused; reminders whose time has passed meanwhile are left out. */
export async function resumePoll(unit: Unit, id: string): Promise<void> {
  const poll = await steered(unit, id, ['paused']);
  if (poll.closes_at <= unit.now) throw new DomainError('polls:errors.closed');
  const status = poll.opens_at <= unit.now ? 'open' : 'scheduled';
  const resumed = await moveOn(unit, poll, { status });
  await scheduleAll(unit, resumed);
  await hold(unit, id, false);
  await refreshAll(unit, id);
}

/** Ends it for good without sending results. */
export async function stopPoll(unit: Unit, id: string): Promise<void> {
  const poll = await steered(unit, id, ['scheduled', 'open', 'paused']);
  const moved = await moveOn(unit, poll, {});
  await dropOpenMoments(unit.db, id);
  await endPoll(unit, moved, 'stopped');
  await refreshAll(unit, id);
}

/** Closes it before its time; from this moment no vote counts, the results follow at once. */
export async function closePollNow(unit: Unit, id: string): Promise<void> {
  const poll = await steered(unit, id, ['open', 'paused']);
  const moved = await moveOn(unit, poll, {});
  await dropOpenMoments(unit.db, id);
  await endPoll(unit, moved, 'closed');
  await scheduleClosing(unit, moved, unit.now);
}

async function steered(unit: Unit, id: string, from: readonly Poll['status'][]): Promise<Poll> {
  const poll = await lockPoll(unit.db, id);
  if (!poll) throw new DomainError('common:errors.notFound');
  if (!from.includes(poll.status)) throw new DomainError(`polls:errors.${refusals[poll.status]}`);
  return poll;
}

const refusals = {
  scheduled: 'notOpen',
  open: 'notPaused',
  paused: 'paused',
  closed: 'closed',
  stopped: 'stopped',
} as const satisfies Record<Poll['status'], string>;

/** The next revision: moments made for the one before are harmless from here on. */
async function moveOn(unit: Unit, poll: Poll, change: Partial<Pick<Poll, 'status'>>): Promise<Poll> {
  const moved = { ...change, revision: poll.revision + 1 };
  await changePoll(unit.db, poll.id, moved);
  ringChanged(unit, poll.id);
  return { ...poll, ...moved };
}
