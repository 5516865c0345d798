import { nextAllowed } from '../network/quiet-hours.ts';
import { dedupeKey, enqueue, schedule } from '../outbox.ts';
import { type Announcement, lockAnnouncement, unconfirmedRecipients } from '../store/announcements.ts';
import { type DueMoment, doneMoments, findOpenMoment, takeDueMoment } from '../store/due-moments.ts';
import { findNetwork } from '../store/network.ts';
import type { Core, Unit } from '../unit.ts';

const batch = 500;
const hourMs = 3_600_000;

/** The due moment 'announcement.remind': one reminder to all who have not confirmed, then the next one is put down. */
export async function runReminder(core: Core, moment: DueMoment): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    after = await core.transaction((unit) => remindBatch(unit, moment, from));
  }
}

/** Returns where the next batch begins, or null when this reminder is over. */
async function remindBatch(unit: Unit, moment: DueMoment, after: string): Promise<string | null> {
  const { db, now } = unit;
  const announcement = await lockAnnouncement(db, moment.subject_id);
  // Pausing and stopping take the moment away.
  if (!announcement || !(await findOpenMoment(db, moment.id, now))) return null;
  if (announcement.status !== 'sending' && announcement.status !== 'sent') return null;
  const { count } = await doneMoments(db, announcement.id, 'announcement.remind');
  const people = await unconfirmedRecipients(db, announcement.id, after, batch);
  await enqueue(
    unit,
    people.map(({ member_id }) => reminder(announcement, count + 1, member_id)),
  );
  const last = people.at(-1);
  if (last && people.length === batch) return last.id;
  await takeDueMoment(db, moment.id, now);
  await scheduleReminder(unit, announcement);
  return null;
}

function reminder(announcement: Announcement, number: number, memberId: string) {
  const subject = { kind: 'announcement', id: announcement.id } as const;
  const purpose = `reminder.${number}`;
  return {
    to: { memberId },
    subject,
    purpose,
    dedupeKey: dedupeKey(subject, purpose, memberId),
    lane: 'broadcast',
    quiet: announcement.urgent === 0,
  } as const;
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
