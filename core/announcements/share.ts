import { type Announcement, changeAnnouncement, lockAnnouncement } from '../store/announcements.ts';
import { type ConfirmedFigures, confirmedOf } from '../store/counts.ts';
import type { Unit } from '../unit.ts';

const shares = { half_at: 0.5, ninety_at: 0.9 } as const;
type Noted = Pick<Announcement, keyof typeof shares>;

/** So many confirmations may be on their way at the same moment, each unseen by the others. */
const atOnce = 100;

/**
 * Notes when half and nine tenths of the recipients had confirmed, and takes it back when that is no longer so. Asked after
 * each confirmation, each undoing, and the sending. Near a share one waits for the other, so that none is passed unseen.
 */
export async function noteShares(
  { db, now }: Unit,
  before: (Noted & Pick<Announcement, 'id'>) | undefined,
): Promise<void> {
  if (!before || !concerns(await confirmedOf(db, before.id), before)) return;
  const { id } = before;
  const noted = await lockAnnouncement(db, id);
  const figures = await confirmedOf(db, id);
  if (noted) await changeAnnouncement(db, id, sharesAt(figures, noted, now));
}

/** Whether these figures are near a share, or what is noted of one is no longer so. */
function concerns({ recipients, confirmed }: ConfirmedFigures, noted: Noted): boolean {
  return (['half_at', 'ninety_at'] as const).some((share) => {
    const over = confirmed - neededFor(recipients, share);
    return Math.abs(over) <= atOnce || over >= 0 !== (noted[share] !== null);
  });
}

function sharesAt({ recipients, confirmed }: ConfirmedFigures, noted: Noted, now: number): Noted {
  const at = (share: keyof Noted) =>
    recipients > 0 && confirmed >= neededFor(recipients, share) ? (noted[share] ?? now) : null;
  return { half_at: at('half_at'), ninety_at: at('ninety_at') };
}

const neededFor = (recipients: number, share: keyof Noted) => Math.ceil(recipients * shares[share]);
