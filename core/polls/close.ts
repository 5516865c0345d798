import { fanOut } from '../deliveries/fan-out.ts';
import { failPending } from '../store/deliveries.ts';
import type { DueMoment } from '../store/due-moments.ts';
import { changePoll, lockPoll, type Poll, voters } from '../store/polls.ts';
import type { Core, Unit } from '../unit.ts';
import { drawResults } from './draw-results.ts';
import { refreshAll, ringChanged } from './moments.ts';

/**
 * Closes the poll: no vote counts from here on, every shown card says so, and those who voted get the result.
 * Run again after a crash it does what is missing.
 */
export async function closePoll(core: Core, moment: DueMoment): Promise<void> {
  const poll = await core.transaction((unit) => markClosed(unit, moment));
  if (!poll) return;
  await core.transaction((unit) => refreshAll(unit, poll.id));
  if (poll.show_results !== 'never') await sendResults(core, poll);
}

async function markClosed(unit: Unit, moment: DueMoment): Promise<Poll | null> {
  const poll = await lockPoll(unit.db, moment.subject_id);
  if (!poll || poll.revision !== moment.revision || poll.status === 'stopped') return null;
  if (poll.status === 'closed') return poll;
  await endPoll(unit, poll, 'closed');
  return { ...poll, status: 'closed' };
}

/** Marks the poll as over; cards and reminders that have not left stay here. */
export async function endPoll(unit: Unit, poll: Poll, status: 'closed' | 'stopped'): Promise<void> {
  await changePoll(unit.db, poll.id, { status, closed_at: unit.now });
  await failPending(unit.db, 'poll', poll.id, 'outdated');
  ringChanged(unit, poll.id);
}

async function sendResults(core: Core, poll: Poll): Promise<void> {
  await drawResults(core, poll);
  await fanOut(core, {
    subject: { kind: 'poll', id: poll.id },
    purpose: 'result',
    quiet: poll.urgent === 0,
    recordUnreachable: false,
    recipients: (db, after, limit) => voters(db, poll.id, after, limit),
    proceed: async ({ db }) => (await lockPoll(db, poll.id))?.status === 'closed',
  });
}
