import { stopAnnouncement } from '../announcements/control.ts';
import { ringChanged } from '../announcements/send.ts';
import { DomainError } from '../domain-error.ts';
import { endPoll } from '../polls/close.ts';
import { refreshAll } from '../polls/moments.ts';
import { stopPoll } from '../polls/steer.ts';
import { findAnnouncement } from '../store/announcements.ts';
import { failPending } from '../store/deliveries.ts';
import type { DueMoment } from '../store/due-moments.ts';
import { findPoll } from '../store/polls.ts';
import {
  closeRestorations,
  dropHeldMoments,
  freeEverything,
  heldMessages,
  heldMoments,
} from '../store/restorations.ts';
import type { Unit } from '../unit.ts';

/** What is kept back leaves after all; some may get it twice. Throws DomainError 'common:errors.notFound' when decided. */
export async function sendHeld(unit: Unit): Promise<void> {
  await decide(unit, 1);
  await freeEverything(unit.db);
}

/**
 * What is kept back never leaves: messages are written down as failed, what has not begun is stopped, polls past their end
 * are closed without telling. Throws DomainError 'common:errors.notFound' when decided.
 */
export async function dropHeld(unit: Unit): Promise<void> {
  await decide(unit, 0);
  const moments = await heldMoments(unit.db);
  const messages = await heldMessages(unit.db);
  await dropHeldMoments(unit.db, unit.now);
  for (const { kind, id } of messages) await failPending(unit.db, kind, id, 'dropped');
  for (const moment of moments) await end(unit, moment);
  for (const { kind, id } of messages) {
    if (kind === 'announcement') ringChanged(unit, id);
    if (kind === 'poll') unit.ring({ kind: 'changed', topic: `poll:${id}` });
  }
}

async function decide(unit: Unit, sent: 0 | 1): Promise<void> {
  const first = await closeRestorations(unit.db, { settled_at: unit.now, sent });
  if (!first) throw new DomainError('common:errors.notFound');
  unit.ring({ kind: 'changed', topic: 'network' });
}

async function end(unit: Unit, { kind, subject_id: id }: DueMoment): Promise<void> {
  if (kind === 'announcement.send') {
    if ((await findAnnouncement(unit.db, id))?.status === 'scheduled') await stopAnnouncement(unit, id);
    return;
  }
  if (kind !== 'poll.open' && kind !== 'poll.close') return;
  const poll = await findPoll(unit.db, id);
  if (kind === 'poll.open' && poll?.status === 'scheduled') return stopPoll(unit, id);
  if (kind === 'poll.close' && poll && poll.status !== 'stopped' && poll.status !== 'closed') {
    await endPoll(unit, poll, 'closed');
    await refreshAll(unit, id);
  }
}
