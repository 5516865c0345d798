import type { Audience } from '../audiences/audience.ts';
import { fanOut } from '../deliveries/fan-out.ts';
import { membersOfAudience } from '../store/audiences.ts';
import type { DueMoment } from '../store/due-moments.ts';
import { changePoll, lockPoll, type Poll } from '../store/polls.ts';
import type { Core } from '../unit.ts';
import { ringChanged } from './moments.ts';

/** Opens the poll and writes its card to everybody it is meant for. Run again it writes only what is missing. */
export async function openPoll(core: Core, moment: DueMoment): Promise<void> {
  const poll = await markOpen(core, moment);
  if (!poll) return;
  const audience = JSON.parse(poll.audience) as Audience;
  await fanOut(core, {
    subject: { kind: 'poll', id: poll.id },
    purpose: 'main',
    quiet: poll.urgent === 0,
    recordUnreachable: true,
    recipients: (db, after, limit) => membersOfAudience(db, audience, { after, limit }),
    proceed: async ({ db }) => {
      const current = await lockPoll(db, poll.id);
      return current?.status === 'open' && current.revision === moment.revision;
    },
  });
}

function markOpen(core: Core, moment: DueMoment): Promise<Poll | null> {
  return core.transaction(async (unit) => {
    const poll = await lockPoll(unit.db, moment.subject_id);
    if (!poll || poll.revision !== moment.revision || poll.closes_at <= unit.now) return null;
    if (poll.status === 'open') return poll;
    if (poll.status !== 'scheduled') return null;
    await changePoll(unit.db, poll.id, { status: 'open' });
    ringChanged(unit, poll.id);
    return poll;
  });
}
