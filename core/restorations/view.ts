import type { DueMoment } from '../store/due-moments.ts';
import { subjectTitles } from '../store/replies.ts';
import { type HeldSubject, heldMessages, heldMoments, openRestoration } from '../store/restorations.ts';
import type { Db } from '../store/schema.ts';
import { authored, type Text } from '../text.ts';

/** What a restoration keeps back, for staff to decide upon. */
export interface RestorationView {
  /** The moment the backup shows, epoch ms. */
  readonly takenAt: number;
  readonly restoredAt: number;
  /** Messages kept back, those of broadcasts included. */
  readonly messages: number;
  readonly broadcasts: readonly HeldBroadcast[];
}

/** An announcement or poll of which something is kept back. */
export interface HeldBroadcast {
  readonly kind: 'announcement' | 'poll';
  readonly id: string;
  readonly title: Text;
  readonly messages: number;
  /** What else came due since the backup. */
  readonly due: readonly ('begin' | 'remind' | 'close')[];
}

/** The restoration staff have not decided about yet, or null. */
export async function restorationView(db: Db): Promise<RestorationView | null> {
  const restoration = await openRestoration(db);
  if (!restoration) return null;
  const [messages, moments] = await Promise.all([heldMessages(db), heldMoments(db)]);
  return {
    takenAt: restoration.taken_at,
    restoredAt: restoration.at,
    messages: messages.reduce((all, held) => all + held.messages, 0),
    broadcasts: [
      ...(await broadcasts(db, 'announcement', messages, moments)),
      ...(await broadcasts(db, 'poll', messages, moments)),
    ],
  };
}

async function broadcasts(
  db: Db,
  kind: HeldBroadcast['kind'],
  messages: readonly HeldSubject[],
  moments: readonly DueMoment[],
): Promise<HeldBroadcast[]> {
  const counts = new Map(messages.flatMap((m) => (m.kind === kind ? [[m.id, m.messages] as const] : [])));
  const due = moments.filter((moment) => moment.kind.startsWith(`${kind}.`));
  const ids = [...new Set([...counts.keys(), ...due.map((moment) => moment.subject_id)])];
  const titles = await subjectTitles(db, kind, ids);
  return titles.map(({ id, pl, en }) => ({
    kind,
    id,
    title: authored({ ...(pl === null ? {} : { pl }), ...(en === null ? {} : { en }) }),
    messages: counts.get(id) ?? 0,
    due: [...new Set(due.flatMap((moment) => (moment.subject_id === id ? stepOf(moment) : [])))],
  }));
}

function stepOf({ kind }: DueMoment): ('begin' | 'remind' | 'close')[] {
  switch (kind) {
    case 'announcement.send':
    case 'poll.open':
      return ['begin'];
    case 'announcement.remind':
    case 'poll.remind':
      return ['remind'];
    case 'poll.close':
      return ['close'];
    case 'simulate':
      return [];
  }
}
