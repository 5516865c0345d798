import type { ChannelName } from '../channels/channel-name.ts';
import { DomainError } from '../domain-error.ts';
import type { Language } from '../language.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import { listReplies, type ReplyView } from '../replies/list.ts';
import {
  findAnnouncement,
  newestAnnouncements,
  type Recipient,
  recipientsOf,
} from '../store/announcements.ts';
import { figuresOfMany, noFigures } from '../store/counts.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Db } from '../store/schema.ts';
import { type Counts, toCounts } from './report.ts';
import { type AnnouncementView, toView } from './view.ts';

export interface AnnouncementItem extends AnnouncementView {
  readonly counts: Counts;
}

/** Newest first, with their figures. */
export async function listAnnouncements(db: Db, request: PageRequest = {}): Promise<Page<AnnouncementItem>> {
  const limit = pageLimit(request.limit);
  const [before] = decodeCursor(request.cursor) ?? [];
  const page = toPage(await newestAnnouncements(db, before, limit + 1), limit, (row) => [row.id]);
  const ids = page.items.map((row) => row.id);
  const figures = await figuresOfMany(db, 'announcement', ids);
  const items = page.items.map((row) => ({
    ...toView(row),
    counts: toCounts(figures.get(row.id) ?? noFigures),
  }));
  return { items, next: page.next };
}

/** One recipient of an announcement. Moments are epoch ms. */
export interface DeliveryView {
  readonly id: string;
  readonly member: { readonly id: string; readonly name: string } | null;
  readonly company: { readonly id: string; readonly name: string } | null;
  readonly language: Language | null;
  readonly channel: ChannelName | null;
  /** "confirmed" once the person did, whatever was known of the way there. */
  readonly status: Delivery['status'] | 'confirmed';
  readonly reason: string | null;
  readonly acceptedAt: number | null;
  readonly confirmedAt: number | null;
}

/** Throws DomainError 'common:errors.notFound'. */
export async function announcementDeliveries(
  db: Db,
  id: string,
  request: PageRequest = {},
): Promise<Page<DeliveryView>> {
  await mustExist(db, id);
  const limit = pageLimit(request.limit);
  const [after = ''] = decodeCursor(request.cursor) ?? [];
  const page = toPage(await recipientsOf(db, id, { after, limit: limit + 1 }), limit, (row) => [
    row.member_id ?? '',
  ]);
  return { items: page.items.map(toDeliveryView), next: page.next };
}

/** Throws DomainError 'common:errors.notFound'. */
export async function announcementReplies(
  db: Db,
  id: string,
  request: PageRequest = {},
): Promise<Page<ReplyView>> {
  await mustExist(db, id);
  return listReplies(db, { ...request, subject: { kind: 'announcement', id } });
}

async function mustExist(db: Db, id: string): Promise<void> {
  if (!(await findAnnouncement(db, id))) throw new DomainError('common:errors.notFound');
}

function toDeliveryView(row: Recipient): DeliveryView {
  return {
    id: row.id,
    member: row.member_id === null ? null : { id: row.member_id, name: row.name ?? '' },
    company:
      row.company_id !== null && row.company !== null ? { id: row.company_id, name: row.company } : null,
    language: row.language,
    channel: row.channel,
    status: shownStatus(row),
    reason: row.reason,
    acceptedAt: row.accepted_at,
    confirmedAt: row.confirmed_at,
  };
}

/** What a person is told of a delivery: confirmed once they did. */
export function shownStatus({
  status,
  confirmed_at,
}: Pick<Delivery, 'status' | 'confirmed_at'>): DeliveryView['status'] {
  return confirmed_at === null ? status : 'confirmed';
}
