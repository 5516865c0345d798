import { type ChannelName, channelNames } from '../channels/channel-name.ts';
import { DomainError } from '../domain-error.ts';
import { isLanguage, type Language } from '../language.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import { channelsGone, findAnnouncement, type Recipient, recipientsLeft } from '../store/announcements.ts';
import { allBranches } from '../store/branches.ts';
import { companiesByIds } from '../store/companies.ts';
import {
  figuresOf,
  figuresOfCompanies,
  figuresOfPart,
  type PartFigures,
  type SubjectFigures,
} from '../store/counts.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { type AnnouncementView, toView } from './view.ts';

/** pending + accepted + unknown + unreachable + failed = recipients; confirmed ones are among the accepted. */
export interface Tally {
  readonly recipients: number;
  /** Waiting or being sent. */
  readonly pending: number;
  readonly accepted: number;
  readonly unknown: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly confirmed: number;
  /** People who wrote back at least once. */
  readonly replied: number;
}

export interface Counts extends Omit<Tally, 'replied'> {
  /** Replies of members. */
  readonly replies: number;
}

export interface Group<Id = string> extends Tally {
  /** Where people belonged when it was sent to them. Null: no company or branch, or not sent on any messenger (yet). */
  readonly id: Id | null;
  readonly label: Authored | null;
}

export interface Person {
  readonly memberId: string;
  readonly name: string;
  readonly company: string | null;
}

export interface AnnouncementReport extends AnnouncementView {
  readonly counts: Counts;
  readonly replied: number;
  /** Whom it reached, or may have, and who has not confirmed; 0 when no confirmation is asked. */
  readonly unconfirmed: number;
  /** From the beginning of the sending until that share of all recipients had confirmed; null until then. */
  readonly secondsToHalf: number | null;
  readonly secondsTo90: number | null;
  readonly byBranch: readonly Group[];
  readonly byLanguage: readonly Group<Language>[];
  readonly byChannel: readonly Group<ChannelName>[];
  /** Those it could not reach, the most frequent reason first. */
  readonly unreachable: readonly { readonly reason: string; readonly people: number }[];
}

/** How an announcement stands right now. Throws DomainError 'common:errors.notFound'. */
export async function announcementReport(db: Db, id: string): Promise<AnnouncementReport> {
  const announcement = await findAnnouncement(db, id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  const figures = await figuresOf(db, 'announcement', id);
  const { started_at: start, half_at, ninety_at, confirm } = announcement;
  const since = (at: number | null) =>
    at === null || start === null ? null : Math.max(0, Math.round((at - start) / 1000));
  const branches = new Map((await allBranches(db)).map((b) => [b.id, { pl: b.name_pl, en: b.name_en }]));
  const part = (name: 'branch' | 'language' | 'channel' | 'reason') =>
    figuresOfPart(db, 'announcement', id, name);
  return {
    ...toView(announcement),
    counts: toCounts(figures),
    replied: figures.replied,
    unconfirmed: confirm ? figures.unconfirmed : 0,
    secondsToHalf: since(half_at),
    secondsTo90: since(ninety_at),
    byBranch: (await part('branch')).map((f) => toGroup(f, branches.get(f.id) ?? null)),
    byLanguage: (await part('language')).map((f) => ({
      ...toGroup(f, null),
      id: isLanguage(f.id) ? f.id : null,
    })),
    byChannel: (await part('channel')).map((f) => ({
      ...toGroup(f, null),
      id: (f.id as ChannelName) || null,
    })),
    unreachable: (await part('reason'))
      .map((f) => ({ reason: f.id, people: f.unreachable }))
      .sort((a, b) => b.people - a.people),
  };
}

/** The same figures by company, those with most recipients first. */
export async function announcementCompanies(
  db: Db,
  id: string,
  request: PageRequest = {},
): Promise<Page<Group>> {
  const limit = pageLimit(request.limit);
  const [recipients, company] = decodeCursor(request.cursor) ?? [];
  const after = company === undefined ? null : { recipients: Number(recipients) || 0, id: company };
  const found = await figuresOfCompanies(db, 'announcement', id, after, limit + 1);
  const page = toPage(found, limit, (f) => [String(f.recipients), f.id]);
  const companies = await companiesByIds(
    db,
    page.items.map((f) => f.id),
  );
  const names = new Map(companies.map((c) => [c.id, { pl: c.name, en: c.name }]));
  return { items: page.items.map((f) => toGroup(f, names.get(f.id) ?? null)), next: page.next };
}

/** Whom it reached, or may have, and who has not confirmed. */
export async function unconfirmedPeople(
  db: Db,
  id: string,
  request: PageRequest = {},
): Promise<Page<Person>> {
  const limit = pageLimit(request.limit);
  const [after = ''] = decodeCursor(request.cursor) ?? [];
  const place = { after, limit: limit + 1 };
  const accepted = await recipientsLeft(db, id, 'accepted', place);
  const unknown = await recipientsLeft(db, id, 'unknown', place);
  return pageOfPeople([...accepted, ...unknown].sort(byMember), limit);
}

/** Whom it could not reach for this reason. */
export async function unreachablePeople(
  db: Db,
  id: string,
  reason: string,
  request: PageRequest = {},
): Promise<Page<Person>> {
  const limit = pageLimit(request.limit);
  const [after = ''] = decodeCursor(request.cursor) ?? [];
  const place = { after, limit: limit + 1, reason };
  return pageOfPeople(await recipientsLeft(db, id, 'unreachable', place), limit);
}

/** Where those it could not reach no longer get anything, in the order messengers are named. */
export async function blockedOn(db: Db, id: string): Promise<ChannelName[]> {
  const gone = new Set(await channelsGone(db, id));
  return channelNames.filter((name) => gone.has(name));
}

export function toCounts(figures: SubjectFigures): Counts {
  const { recipients, pending, accepted, unknown, unreachable, failed, confirmed, replies } = figures;
  return { recipients, pending, accepted, unknown, unreachable, failed, confirmed, replies };
}

function toGroup({ id, ...figures }: PartFigures, label: Authored | null): Group {
  const { replies: _, ...tally } = toCounts(figures);
  return { id: id || null, label, ...tally, replied: figures.replied };
}

function pageOfPeople(rows: readonly Recipient[], limit: number): Page<Person> {
  const { items, next } = toPage(rows, limit, (r) => [r.member_id ?? '']);
  return {
    items: items.map((r) => ({ memberId: r.member_id ?? '', name: r.name ?? '', company: r.company })),
    next,
  };
}

const byMember = (a: Recipient, b: Recipient) => ((a.member_id ?? '') < (b.member_id ?? '') ? -1 : 1);
