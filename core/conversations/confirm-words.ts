import { titleOf } from '../announcements/announcement.ts';
import { type ConfirmTarget, confirmAnnouncement } from '../announcements/confirm.ts';
import { findAnnouncement } from '../store/announcements.ts';
import { unconfirmedFor } from '../store/shown-announcements.ts';
import { authored, say } from '../text.ts';
import { showAnnouncements } from './lists.ts';
import { bare } from './offered.ts';
import type { Talk } from './talk.ts';

const meant = [
  ['przeczytane', 'przeczytalem', 'przeczytalam'],
  ['potwierdzam', 'potwierdzone', 'potwierdzam przeczytanie'],
  ['read', 'i have read it', 'i read it', 'confirmed', 'i confirm'],
].flat();

/** Whether a whole text says what the button under an announcement says. */
export const saysRead = (text: string): boolean => meant.includes(bare(text));

/**
 * "Przeczytane", written instead of pressed: what it can only mean is confirmed, of several the list is shown to choose
 * from. False: nothing waits for it.
 */
export async function takeConfirmationInWords(talk: Talk, memberId: string, text: string): Promise<boolean> {
  if (!saysRead(text)) return false;
  const waiting = await unconfirmedFor(talk.unit.db, memberId, 2);
  const [only] = waiting;
  if (!only) return false;
  // What was never on their screen they cannot mean.
  if (waiting.length > 1 || only.external_message_id === null) await showAnnouncements(talk, memberId);
  else await confirmSaid(talk, only.subject_id, only);
  return true;
}

/** Confirms it, and says so: the card that changes may stand far above. */
export async function confirmSaid(talk: Talk, announcementId: string, target: ConfirmTarget): Promise<void> {
  const announcement = await findAnnouncement(talk.unit.db, announcementId);
  if (!announcement) return;
  await talk.orRefused(async () => {
    const { result } = await confirmAnnouncement(talk.unit, target);
    const title = authored(titleOf(announcement));
    await talk.sayText(
      result === 'already' ? say('chat:confirm.already') : say('chat:confirm.inWords', { title }),
    );
  });
}
