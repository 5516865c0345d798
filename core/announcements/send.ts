import { fanOut } from '../deliveries/fan-out.ts';
import { schedule } from '../outbox.ts';
import {
  type Announcement,
  changeAnnouncement,
  findAnnouncement,
  finishedSendings,
  finishSending,
  lockAnnouncement,
} from '../store/announcements.ts';
import { membersOfAudience } from '../store/audiences.ts';
import type { DueMoment } from '../store/due-moments.ts';
import type { Core, Unit } from '../unit.ts';
import { audienceOf, topicOf } from './announcement.ts';
import { postInGroups } from './posts.ts';
import { scheduleReminder } from './remind.ts';
import { noteShares } from './share.ts';

/** The due moment 'announcement.send'. */
export function runSending(core: Core, moment: DueMoment): Promise<void> {
  return sendAnnouncement(core, moment.subject_id);
}

/**
 * Writes a delivery for everybody it is meant for who was known when it began. Begun before (a crash, a resume): writes only
 * what is missing. Staff pausing or stopping it ends it between two batches.
 */
export async function sendAnnouncement(core: Core, id: string): Promise<void> {
  const announcement = await core.transaction((unit) => begin(unit, id));
  if (!announcement) return;
  const audience = audienceOf(announcement);
  const knownAt = announcement.started_at ?? core.clock.now();
  const finished = await fanOut(core, {
    subject: { kind: 'announcement', id },
    purpose: 'main',
    quiet: announcement.urgent === 0,
    recordUnreachable: true,
    recipients: (db, after, limit) => membersOfAudience(db, audience, { after, limit, knownAt }),
    proceed: async ({ db }) => (await lockAnnouncement(db, id))?.status === 'sending',
  });
  // After the people: whoever presses the button in a group has got theirs.
  if (finished) {
    await core.transaction(async (unit) => {
      // Those who confirmed meanwhile were counted against fewer recipients.
      await noteShares(unit, await findAnnouncement(unit.db, id));
      await postInGroups(unit, id);
    });
  }
}

/** The announcement when there is something to send. */
async function begin(unit: Unit, id: string): Promise<Announcement | null> {
  const announcement = await lockAnnouncement(unit.db, id);
  if (announcement?.status === 'sending') return announcement;
  if (announcement?.status !== 'scheduled') return null;
  const started = { ...announcement, status: 'sending', started_at: unit.now } as const;
  await changeAnnouncement(unit.db, id, { status: started.status, started_at: started.started_at });
  await scheduleReminder(unit, started);
  ringChanged(unit, id);
  return started;
}

/** Ends the announcements of which nothing is left to send. Called by the sweep, so that it needs no bell. */
export async function finishSendings(core: Core): Promise<void> {
  const ids = await finishedSendings(core.db);
  if (ids.length === 0) return;
  await core.transaction(async (unit) => {
    for (const id of ids) if (await finishSending(unit.db, id, unit.now)) ringChanged(unit, id);
  });
}

/** Asks that sending begin, or go on, at `at`. */
export async function scheduleSending(unit: Unit, id: string, revision: number, at: number): Promise<void> {
  await schedule(unit, { kind: 'announcement.send', subjectId: id, revision, at });
}

export function ringChanged(unit: Unit, id: string): void {
  unit.ring({ kind: 'changed', topic: topicOf(id) });
  unit.ring({ kind: 'changed', topic: 'announcements' });
}
