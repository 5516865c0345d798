import { DomainError } from '../domain-error.ts';
import { refresh } from '../outbox.ts';
import { findAnnouncement } from '../store/announcements.ts';
import { type Delivery, findDeliveryOf, shownTo } from '../store/deliveries.ts';
import { confirmDelivery, unconfirmDelivery } from '../store/delivery-status.ts';
import type { Unit } from '../unit.ts';
import { undoMs } from './announcement.ts';
import { ringChanged } from './send.ts';
import { noteShares } from './share.ts';

/** Any delivery of the announcement to the member (main or reminder), read within this unit; or whose of which one. */
export type ConfirmTarget = Delivery | { readonly announcementId: string; readonly memberId: string };

export interface Confirmation {
  readonly result: 'confirmed' | 'already';
  /** When it was confirmed first, epoch ms. */
  readonly at: number;
}

/**
 * The member has read it. Counts once, on whichever messenger and however often it is pressed; everything of it shown to
 * the member is edited. Throws DomainErrors 'common:errors.notFound', 'announcements:errors.noConfirmation'.
 */
export async function confirmAnnouncement(unit: Unit, target: ConfirmTarget): Promise<Confirmation> {
  const main = await mainDelivery(unit, target);
  const announcement = await findAnnouncement(unit.db, main.subject_id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  if (!announcement.confirm) throw new DomainError('announcements:errors.noConfirmation');
  if (!(await confirmDelivery(unit.db, main.id, unit.now))) {
    return { result: 'already', at: main.confirmed_at ?? unit.now };
  }
  await noteShares(unit, announcement);
  await showState(unit, main);
  return { result: 'confirmed', at: unit.now };
}

export interface Undoing {
  /** 'tooLate': more than five minutes have passed since `at`; it stays confirmed. */
  readonly result: 'undone' | 'tooLate' | 'notConfirmed';
  /** When it had been confirmed, epoch ms; null when it had not. */
  readonly at: number | null;
}

/** Takes the confirmation back within five minutes. Late: the message loses its undo button, nothing else changes. */
export async function undoConfirmation(unit: Unit, target: ConfirmTarget): Promise<Undoing> {
  const main = await mainDelivery(unit, target);
  const at = main.confirmed_at;
  if (at === null) return { result: 'notConfirmed', at: null };
  const late = unit.now - at >= undoMs;
  if (!late) {
    await unconfirmDelivery(unit.db, main.id);
    await noteShares(unit, await findAnnouncement(unit.db, main.subject_id));
  }
  await showState(unit, main);
  return { result: late ? 'tooLate' : 'undone', at };
}

async function mainDelivery({ db }: Unit, target: ConfirmTarget): Promise<Delivery> {
  if ('id' in target && target.purpose === 'main') return target;
  const [announcementId, memberId] =
    'id' in target ? [target.subject_id, target.member_id] : [target.announcementId, target.memberId];
  const main = memberId && (await findDeliveryOf(db, 'announcement', announcementId, 'main', memberId));
  if (!main) throw new DomainError('common:errors.notFound');
  return main;
}

async function showState(unit: Unit, { subject_id, member_id }: Delivery): Promise<void> {
  if (member_id) {
    await refresh(unit, await shownTo(unit.db, 'announcement', subject_id, member_id), 'person');
  }
  ringChanged(unit, subject_id);
}
