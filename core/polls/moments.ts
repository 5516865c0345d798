import { refreshSubject, ringWaiting, schedule } from '../outbox.ts';
import { holdPending } from '../store/deliveries.ts';
import { dropOpenMoments } from '../store/due-moments.ts';
import type { Poll } from '../store/polls.ts';
import type { Unit } from '../unit.ts';
import { reminderMoments } from './poll.ts';

/** Replaces what is to come for a poll: opening, the reminders not yet passed, closing. */
export async function scheduleAll(unit: Unit, poll: Poll): Promise<void> {
  await dropOpenMoments(unit.db, poll.id);
  const { id: subjectId, revision } = poll;
  await schedule(unit, { kind: 'poll.open', subjectId, revision, at: Math.max(unit.now, poll.opens_at) });
  for (const at of reminderMoments(poll).filter((moment) => moment > unit.now)) {
    await schedule(unit, { kind: 'poll.remind', subjectId, revision, at });
  }
  await scheduleClosing(unit, poll, poll.closes_at);
}

export async function scheduleClosing(unit: Unit, poll: Poll, at: number): Promise<void> {
  await schedule(unit, { kind: 'poll.close', subjectId: poll.id, revision: poll.revision, at });
}

/** Brings every shown card of the poll up to date. */
export async function refreshAll(unit: Unit, pollId: string): Promise<void> {
  await refreshSubject(unit, { kind: 'poll', id: pollId });
}

/** Frees or holds what of the poll still waits to leave. */
export async function hold(unit: Unit, pollId: string, held: boolean): Promise<void> {
  await holdPending(unit.db, 'poll', pollId, held);
  if (!held) await ringWaiting(unit, { kind: 'poll', id: pollId });
}

export function ringChanged(unit: Unit, pollId: string): void {
  unit.ring({ kind: 'changed', topic: `poll:${pollId}` });
  unit.ring({ kind: 'changed', topic: 'polls' });
}
