import type { Action } from '../channels/outbound-message.ts';
import type { Draft } from '../deliveries/content.ts';
import { field } from '../deliveries/field.ts';
import { inEveryLanguage, labelInEveryLanguage } from '../groups/every-language.ts';
import { clockTime, dayAndTime } from '../network/local-time.ts';
import { type NetworkSettings, networkSettings } from '../network/settings.ts';
import { type Announcement, announcementsByIds } from '../store/announcements.ts';
import { attachmentInfos } from '../store/attachments.ts';
import { type Delivery, mainDeliveriesOf } from '../store/deliveries.ts';
import type { Db, Row } from '../store/schema.ts';
import { authored, literal, say, spoken, type Text } from '../text.ts';
import { textOf, titleOf, undoMs } from './announcement.ts';

type Attachment = Omit<Row<'attachment'>, 'data'>;

/** What a card shows besides the announcement itself. */
export interface CardState {
  /** A reminder's card says that it is one. */
  readonly reminder: boolean;
  /** Epoch ms; null = not (or no longer) confirmed. */
  readonly confirmedAt: number | null;
  readonly undoable: boolean;
  readonly timeZone: string;
}

/** What an announcement's delivery says right now; null when it has not left and has become needless. */
export async function announcementCard(db: Db, delivery: Delivery, now: number): Promise<Draft | null> {
  const [card = null] = await announcementCards(db, [delivery], now);
  return card;
}

/** The cards of many deliveries, in their order, with as few queries as one takes; equal ones are the same object. */
export async function announcementCards(
  db: Db,
  deliveries: readonly Delivery[],
  now: number,
): Promise<(Draft | null)[]> {
  const ids = [...new Set(deliveries.map((d) => d.subject_id))];
  const announcements = new Map((await announcementsByIds(db, ids)).map((a) => [a.id, a]));
  const files = await attachmentsOf(db, [...announcements.values()]);
  const confirmed = await confirmations(db, deliveries);
  const network = await networkSettings(db);
  const { timeZone } = network;
  const made = new Map<string, Draft>();
  return deliveries.map((delivery) => {
    const announcement = announcements.get(delivery.subject_id);
    const confirmedAt = confirmed(delivery);
    const reminder = delivery.purpose.startsWith('reminder.');
    if (!announcement || isNeedless(announcement, delivery, confirmedAt)) return null;
    const file = files.get(announcement.attachment_id ?? '') ?? null;
    if (delivery.group_id !== null) return drawPost(announcement, file, network);
    const undoable = confirmedAt !== null && now - confirmedAt < undoMs;
    const key = [announcement.id, reminder, confirmedAt, undoable].join(' ');
    const card =
      made.get(key) ??
      drawCard(announcement, file, {
        reminder,
        confirmedAt,
        undoable,
        timeZone,
      });
    made.set(key, card);
    return card;
  });
}

/** The card itself. Pure. */
export function drawCard(announcement: Announcement, file: Attachment | null, state: CardState): Draft {
  const title = authored(titleOf(announcement));
  const media = file && { media: { attachmentId: file.id } };
  const actions = actionsOf(announcement, state);
  return [
    ...(media && file.kind === 'image' ? [{ type: 'image' as const, ...media, alt: title }] : []),
    ...(state.reminder ? [note(say('announcements:card.reminder'))] : []),
    { type: 'text', style: 'title', text: title },
    { type: 'text', style: 'body', text: authored(textOf(announcement)) },
    ...(media && file.kind === 'file'
      ? [{ type: 'file' as const, ...media, label: literal(file.file_name) }]
      : []),
    ...notesOf(announcement, state),
    ...(actions.length > 0 ? [{ type: 'actions' as const, actions }] : []),
  ];
}

/**
 * What a group sees: every language of the network that it was written in, and what counts for whoever presses it. Nobody's
 * own state, nor a figure: a post that counted would be edited with every press. Pure.
 */
export function drawPost(
  announcement: Announcement,
  file: Attachment | null,
  { languages, timeZone }: Pick<NetworkSettings, 'languages' | 'timeZone'>,
): Draft {
  const [title, text] = [titleOf(announcement), textOf(announcement)];
  const written = languages.filter((l) => title[l] !== undefined || text[l] !== undefined);
  const shown = written.length > 0 ? written : languages.slice(0, 1);
  const media = file && { media: { attachmentId: file.id } };
  const corrected = announcement.corrected_at;
  const { link } = announcement;
  const actions: Action<Text>[] = [
    ...(announcement.confirm
      ? [
          {
            ...({ kind: 'press', id: 'confirm', style: 'primary' } as const),
            label: labelInEveryLanguage(shown, say('announcements:card.confirm')),
          },
        ]
      : []),
    ...(link ? [{ kind: 'link' as const, label: literal(new URL(link).hostname), url: link }] : []),
  ];
  return [
    ...(media && file.kind === 'image' ? [{ type: 'image' as const, ...media, alt: authored(title) }] : []),
    ...inEveryLanguage(shown, (language) => [
      { type: 'text', style: 'title', text: spoken(language, authored(title)) },
      { type: 'text', style: 'body', text: spoken(language, authored(text)) },
      ...(corrected === null
        ? []
        : [
            note(
              spoken(
                language,
                say('announcements:card.corrected', { time: dayAndTime(corrected, timeZone) }),
              ),
            ),
          ]),
    ]),
    ...(media && file.kind === 'file'
      ? [{ type: 'file' as const, ...media, label: literal(file.file_name) }]
      : []),
    ...(actions.length > 0 ? [{ type: 'actions' as const, actions }] : []),
  ];
}

function notesOf(announcement: Announcement, { confirmedAt, timeZone }: CardState): Draft {
  const notes: Text[] = [];
  if (announcement.corrected_at !== null) {
    notes.push(
      say('announcements:card.corrected', { time: dayAndTime(announcement.corrected_at, timeZone) }),
    );
  }
  if (announcement.replies) notes.push(say('announcements:card.replyHint'));
  if (confirmedAt !== null) {
    notes.push(say('announcements:card.confirmed', { time: clockTime(confirmedAt, timeZone) }));
  }
  return notes.map(note);
}

function actionsOf(announcement: Announcement, { confirmedAt, undoable }: CardState): Action<Text>[] {
  const press = (id: string, label: string) => ({ kind: 'press', id, label: say(label) }) as const;
  return [
    ...(announcement.confirm && confirmedAt === null
      ? [{ ...press('confirm', 'announcements:card.confirm'), style: 'primary' } as const]
      : []),
    ...(undoable ? [press('undo', 'announcements:card.undo')] : []),
    ...(announcement.link
      ? [
          {
            kind: 'link',
            label: say('announcements:card.link', { host: new URL(announcement.link).hostname }),
            url: announcement.link,
          } as const,
        ]
      : []),
    ...(announcement.replies ? [{ ...press('reply', 'announcements:card.reply'), field: replyField }] : []),
  ];
}

function isNeedless({ status }: Announcement, delivery: Delivery, confirmedAt: number | null): boolean {
  // What a member asked to see again ('shown') is always shown.
  if (delivery.external_message_id !== null || delivery.purpose === 'shown') return false;
  return status === 'stopped' || (delivery.purpose !== 'main' && confirmedAt !== null);
}

async function attachmentsOf(db: Db, announcements: readonly Announcement[]) {
  const ids = announcements.flatMap((a) => a.attachment_id ?? []);
  return new Map((await attachmentInfos(db, ids)).map((file) => [file.id, file]));
}

/** When the member of a delivery confirmed: what counts stands on the main one. */
async function confirmations(db: Db, deliveries: readonly Delivery[]) {
  const others = deliveries.filter((d) => d.purpose !== 'main');
  const key = (d: Pick<Delivery, 'subject_id' | 'member_id'>) => `${d.subject_id} ${d.member_id}`;
  const mains = new Map((await mainDeliveriesOf(db, 'announcement', others)).map((d) => [key(d), d]));
  return (delivery: Delivery) =>
    (delivery.purpose === 'main' ? delivery : mains.get(key(delivery)))?.confirmed_at ?? null;
}

const replyField = field('chat:feedback.hint', 'announcements:card.reply');
const note = (text: Text) => ({ type: 'text', style: 'note', text }) as const;
