import { fanOut } from '../deliveries/fan-out.ts';
import { nextAllowed } from '../network/quiet-hours.ts';
import { schedule } from '../outbox.ts';
import {
  type Announcement,
  findAnnouncement,
  lockAnnouncement,
  unconfirmedMembers,
} from '../store/announcements.ts';
import { type DueMoment, doneMoments, findOpenMoment, takeDueMoment } from '../store/due-moments.ts';
import { findNetwork } from '../store/network.ts';
import type { Db } from '../store/schema.ts';
import type { Core, Unit } from '../unit.ts';

const hourMs = 3_600_000;

/** The due moment 'announcement.remind': one reminder to all who have not confirmed, then the next one is put down. */
export async function runReminder(core: Core, moment: DueMoment): Promise<void> {
  const announcement = await findAnnouncement(core.db, moment.subject_id);
  if (!announcement) return;
  const { id, urgent } = announcement;
  const { count } = await doneMoments(core.db, id, 'announcement.remind');
  const finished = await fanOut(core, {
    subject: { kind: 'announcement', id },
    purpose: `reminder.${count + 1}`,
    quiet: urgent === 0,
    recordUnreachable: false,
    recipients: (db, after, limit) => unconfirmedMembers(db, id, after, limit),
    proceed: ({ db, now }) => stillDue(db, moment, now),
  });
  if (finished) await core.transaction((unit) => finish(unit, moment));
}

/** Pausing and stopping take the moment away; two workers may hold it at once. */
async function stillDue(db: Db, { id, subject_id }: DueMoment, now: number): Promise<boolean> {
  const status = (await lockAnnouncement(db, subject_id))?.status;
  if (status !== 'sending' && status !== 'sent') return false;
  return (await findOpenMoment(db, id, now)) !== undefined;
}

async function finish(unit: Unit, { id, subject_id }: DueMoment): Promise<void> {
  const announcement = await lockAnnouncement(unit.db, subject_id);
  const done = await takeDueMoment(unit.db, id, unit.now);
  if (announcement && done) await scheduleReminder(unit, announcement);
}

/** Puts down the next reminder, if one is left: so long after the one before, or after the sending may have begun. */
export async function scheduleReminder(unit: Unit, announcement: Announcement): Promise<void> {
  const { confirm, reminder_count, reminder_every_hours, started_at, revision, id } = announcement;
  if (!confirm || started_at === null) return;
  const { count, last } = await doneMoments(unit.db, id, 'announcement.remind');
  if (count >= reminder_count) return;
  const allowed = await allowedFor(unit, announcement);
  const at = (last ?? allowed(started_at)) + reminder_every_hours * hourMs;
  await schedule(unit, {
    kind: 'announcement.remind',
    subjectId: id,
    revision,
    at: allowed(Math.max(at, unit.now)),
  });
}

async function allowedFor(unit: Unit, { urgent }: Announcement): Promise<(at: number) => number> {
  if (urgent) return (at) => at;
  const { time_zone, quiet_from, quiet_to } = await findNetwork(unit.db);
  return (at) => nextAllowed(at, { timeZone: time_zone, from: quiet_from, to: quiet_to });
}
