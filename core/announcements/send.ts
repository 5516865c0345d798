import { membersReach } from '../audiences/reach.ts';
import { dedupeKey, enqueue, type NewDelivery, schedule } from '../outbox.ts';
import {
  type Announcement,
  changeAnnouncement,
  finishedSendings,
  finishSending,
  lockAnnouncement,
} from '../store/announcements.ts';
import { membersOfAudience } from '../store/audiences.ts';
import { lastRecipient } from '../store/deliveries.ts';
import type { DueMoment } from '../store/due-moments.ts';
import type { Core, Unit } from '../unit.ts';
import { audienceOf, topicOf } from './announcement.ts';
import { scheduleReminder } from './remind.ts';

/** Recipients written in one transaction. */
const batch = 500;

/** The due moment 'announcement.send'. */
export function runSending(core: Core, moment: DueMoment): Promise<void> {
  return sendAnnouncement(core, moment.subject_id);
}

/**
 * Writes a delivery for every recipient, in batches each of its own transaction. Begun before (a crash, a resume): goes on
 * behind the last recipient written. Staff pausing or stopping it ends it between two batches.
 */
export async function sendAnnouncement(core: Core, id: string): Promise<void> {
  await core.transaction((unit) => begin(unit, id));
  let more = true;
  while (more) more = await core.transaction((unit) => writeBatch(unit, id));
}

async function begin(unit: Unit, id: string): Promise<void> {
  const announcement = await lockAnnouncement(unit.db, id);
  if (announcement?.status !== 'scheduled') return;
  const started = { status: 'sending', started_at: unit.now } as const;
  await changeAnnouncement(unit.db, id, started);
  await scheduleReminder(unit, { ...announcement, ...started });
  ringChanged(unit, id);
}

async function writeBatch(unit: Unit, id: string): Promise<boolean> {
  const announcement = await lockAnnouncement(unit.db, id);
  if (announcement?.status !== 'sending') return false;
  const members = await membersOfAudience(unit.db, audienceOf(announcement), {
    after: await lastRecipient(unit.db, 'announcement', id),
    limit: batch,
    knownAt: announcement.started_at ?? unit.now,
  });
  if (members.length === 0) return false;
  const reach = await membersReach(unit.db, members, unit.channels);
  await enqueue(
    unit,
    members.map((member) => mainDelivery(announcement, member.id, reach.get(member.id))),
  );
  ringChanged(unit, id);
  return members.length === batch;
}

function mainDelivery(
  announcement: Announcement,
  memberId: string,
  reach: { readonly reason?: string } | undefined,
): NewDelivery {
  const subject = { kind: 'announcement', id: announcement.id } as const;
  return {
    to: { memberId },
    subject,
    dedupeKey: dedupeKey(subject, 'main', memberId),
    lane: 'broadcast',
    quiet: announcement.urgent === 0,
    ...(reach?.reason ? { unreachable: reach.reason } : {}),
  };
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
