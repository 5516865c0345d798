import { runReminder } from './announcements/remind.ts';
import { runSending } from './announcements/send.ts';
import { runSimulation } from './demo/simulate.ts';
import { closePoll } from './polls/close.ts';
import { openPoll } from './polls/open.ts';
import { remindPoll } from './polls/remind.ts';
import { type DueMoment, findOpenMoment, takeDueMoment } from './store/due-moments.ts';
import type { DueKind } from './store/tables/flow.ts';
import type { Core } from './unit.ts';

/**
 * Does one due moment. It may be run again after a crash, and by two workers at once: what was done already must be
 * passed over (dedupe keys, a status checked in the transaction that changes it).
 */
export type MomentHandler = (core: Core, moment: DueMoment) => Promise<void>;

const handlers: Readonly<Record<DueKind, MomentHandler>> = {
  'announcement.send': runSending,
  'announcement.remind': runReminder,
  'poll.open': openPoll,
  'poll.remind': remindPoll,
  'poll.close': closePoll,
  simulate: (core, { subject_id }) => runSimulation(core, subject_id),
};

/** Does what is due and only then marks it as done: a process that dies in the middle leaves it to the sweep. */
export async function runDueMoment(core: Core, id: string): Promise<void> {
  const moment = await findOpenMoment(core.db, id, core.clock.now());
  if (!moment) return;
  await handlers[moment.kind](core, moment);
  await takeDueMoment(core.db, id, core.clock.now());
}
