import { announcementCard, announcementCards } from '../announcements/card.ts';
import { homeCard } from '../conversations/home.ts';
import { pollCard, pollCards } from '../polls/card.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Db } from '../store/schema.ts';
import type { StoredContent, StoredDraft } from './content.ts';

/**
 * What a delivery says right now, or null when there is nothing left to say (a reminder of what was confirmed meanwhile).
 * Asked when it leaves and again for every edit, so it depends on stored state only.
 */
export async function composeDraft(db: Db, delivery: Delivery, now: number): Promise<StoredDraft | null> {
  if (delivery.content !== null) return storedDraft(JSON.parse(delivery.content) as StoredContent);
  switch (delivery.subject_kind) {
    case 'announcement':
      return announcementCard(db, delivery, now);
    case 'poll':
      return pollCard(db, delivery, now);
    case 'home':
      return homeCard(db, delivery, now);
    default:
      return null;
  }
}

/** The same for many, in their order; equal cards are the same object, so that each is put into a language only once. */
export async function composeDrafts(
  db: Db,
  deliveries: readonly Delivery[],
  now: number,
): Promise<(StoredDraft | null)[]> {
  const composed = new Map<string, StoredDraft | null>();
  const together = { announcement: announcementCards, poll: pollCards } as const;
  for (const [kind, compose] of Object.entries(together)) {
    const own = deliveries.filter((d) => d.content === null && d.subject_kind === kind);
    const cards = own.length > 0 ? await compose(db, own, now) : [];
    for (const [n, { id }] of own.entries()) composed.set(id, cards[n] ?? null);
  }
  return Promise.all(
    deliveries.map(async (d) => {
      const card = composed.get(d.id);
      return card === undefined ? composeDraft(db, d, now) : card;
    }),
  );
}

/** The message as stored; once a button was pressed it shows the choice and loses its buttons. */
export function storedDraft({ blocks, chosen }: StoredContent): StoredDraft {
  if (!chosen) return blocks;
  const shown = blocks.filter((b) => b.type !== 'actions' && b.type !== 'choice' && b.type !== 'input');
  return [...shown, { type: 'text', style: 'note', text: chosen }];
}
