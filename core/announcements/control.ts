import { DomainError } from '../domain-error.ts';
import { ringWaiting } from '../outbox.ts';
import { slices } from '../slices.ts';
import { type Announcement, changeAnnouncement, lockAnnouncement } from '../store/announcements.ts';
import { failPending, holdPending, resetUnknown } from '../store/deliveries.ts';
import { dropOpenMoments } from '../store/due-moments.ts';
import type { Unit } from '../unit.ts';
import { scheduleReminder } from './remind.ts';
import { ringChanged, scheduleSending } from './send.ts';

/** Nothing more leaves, reminders wait, until it is resumed. Throws DomainError 'announcements:errors.notPausable'. */
export async function pauseAnnouncement(unit: Unit, id: string): Promise<void> {
  const { status } = await locked(unit, id);
  if (status === 'paused') return;
  if (status === 'stopped') throw new DomainError('announcements:errors.notPausable');
  await changeAnnouncement(unit.db, id, { status: 'paused' });
  await dropOpenMoments(unit.db, id);
  await holdPending(unit.db, 'announcement', id, true);
  ringChanged(unit, id);
}

/** Goes on where it was paused. Throws DomainError 'announcements:errors.notPaused'. */
export async function resumeAnnouncement(unit: Unit, id: string): Promise<void> {
  const announcement = await locked(unit, id);
  if (announcement.status !== 'paused') throw new DomainError('announcements:errors.notPaused');
  const begun = announcement.started_at !== null;
  await changeAnnouncement(unit.db, id, { status: begun ? 'sending' : 'scheduled' });
  await holdPending(unit.db, 'announcement', id, false);
  await ringWaiting(unit, { kind: 'announcement', id });
  await scheduleSending(unit, id, announcement.revision, Math.max(unit.now, announcement.send_at));
  await scheduleReminder(unit, announcement);
  ringChanged(unit, id);
}

/** For good: what has not left is written down as failed, reason 'stopped'. What was shown stays shown. */
export async function stopAnnouncement(unit: Unit, id: string): Promise<void> {
  const { status, finished_at } = await locked(unit, id);
  if (status === 'stopped') return;
  await changeAnnouncement(unit.db, id, { status: 'stopped', finished_at: finished_at ?? unit.now });
  await dropOpenMoments(unit.db, id);
  await failPending(unit.db, 'announcement', id, 'stopped');
  ringChanged(unit, id);
}

/**
 * Sends once more to everybody of whom it is not known whether they got it; some will see it twice. Only ever on a staff
 * person's own decision. Returns how many. Throws DomainError 'announcements:errors.notResendable' while paused or stopped.
 */
export async function resendUnknown(unit: Unit, id: string): Promise<number> {
  const { status } = await locked(unit, id);
  if (status !== 'sending' && status !== 'sent') throw new DomainError('announcements:errors.notResendable');
  const ids = await resetUnknown(unit.db, 'announcement', id);
  if (ids.length === 0) return 0;
  await changeAnnouncement(unit.db, id, { status: 'sending' });
  for (const chunk of slices(ids, 500)) unit.ring({ kind: 'deliver', ids: chunk, lane: 'broadcast' });
  ringChanged(unit, id);
  return ids.length;
}

async function locked({ db }: Unit, id: string): Promise<Announcement> {
  const announcement = await lockAnnouncement(db, id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  return announcement;
}
