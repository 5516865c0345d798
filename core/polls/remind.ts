import { fanOut } from '../deliveries/fan-out.ts';
import type { DueMoment } from '../store/due-moments.ts';
import { findPoll, lockPoll, waitingMembers } from '../store/polls.ts';
import type { Core } from '../unit.ts';
import { reminderMoments } from './poll.ts';

/** Reminds those who were asked and have not voted, within quiet hours. */
export async function remindPoll(core: Core, moment: DueMoment): Promise<void> {
  const poll = await findPoll(core.db, moment.subject_id);
  if (!poll) return;
  const number = reminderMoments(poll).indexOf(moment.at) + 1;
  if (number === 0) return;
  await fanOut(core, {
    subject: { kind: 'poll', id: poll.id },
    purpose: `reminder.${number}`,
    quiet: true,
    recordUnreachable: false,
    recipients: (db, after, limit) => waitingMembers(db, poll.id, after, limit),
    proceed: async ({ db, now }) => {
      const current = await lockPoll(db, poll.id);
      return current?.status === 'open' && current.revision === moment.revision && current.closes_at > now;
    },
  });
}
