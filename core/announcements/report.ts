import type { ChannelName } from '../channels/channel-name.ts';
import { DomainError } from '../domain-error.ts';
import { groupBy } from '../group-by.ts';
import type { Language } from '../language.ts';
import { findAnnouncement, type Recipient, recipientsOf } from '../store/announcements.ts';
import { countReplies, type ReplyCount } from '../store/replies.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { secondsToShare } from './share.ts';
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

export interface Group extends Tally {
  /** Null: people without a company or branch, or not sent on any messenger yet. */
  readonly id: string | null;
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
  /** From the beginning of the sending until that share of all recipients had confirmed; null until then. */
  readonly secondsToHalf: number | null;
  readonly secondsTo90: number | null;
  readonly byCompany: readonly Group[];
  readonly byBranch: readonly Group[];
  readonly byLanguage: readonly (Group & { readonly id: Language | null })[];
  readonly byChannel: readonly (Group & { readonly id: ChannelName | null })[];
  /** Whom it reached, or may have, and who has not confirmed. Empty when no confirmation is asked. */
  readonly unconfirmed: readonly Person[];
  /** Of whom the messenger never said whether it took the message, and who has not confirmed: whom a resend would go to. */
  readonly unknown: readonly Person[];
  readonly unreachable: readonly { readonly reason: string; readonly people: readonly Person[] }[];
}

/** How an announcement stands right now. Throws DomainError 'common:errors.notFound'. */
export async function announcementReport(db: Db, id: string): Promise<AnnouncementReport> {
  const announcement = await findAnnouncement(db, id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  const recipients = await recipientsOf(db, id);
  const replies = await countReplies(db, 'announcement', [id]);
  const wrote = new Set(replies.map((r) => r.member_id));
  const by = <K extends string>(key: (r: Recipient) => K | null, label: (r: Recipient) => Authored | null) =>
    grouped(recipients, wrote, key, label);
  const { replied, ...tally } = tallyOf(recipients, wrote);
  const confirmedAt = recipients.flatMap((r) => r.confirmed_at ?? []);
  const share = (part: number) =>
    secondsToShare(announcement.started_at, confirmedAt, recipients.length, part);
  return {
    ...toView(announcement),
    counts: { ...tally, replies: sum(replies) },
    replied,
    secondsToHalf: share(0.5),
    secondsTo90: share(0.9),
    byCompany: by(
      (r) => r.company_id,
      (r) => same(r.company),
    ),
    byBranch: by(
      (r) => r.branch_id,
      (r) => both(r.branch_pl, r.branch_en),
    ),
    byLanguage: by(
      (r) => r.language,
      () => null,
    ),
    byChannel: by(
      (r) => r.channel,
      () => null,
    ),
    unconfirmed: announcement.confirm ? recipients.filter(isUnconfirmed).map(toPerson) : [],
    unknown: recipients.filter((r) => r.status === 'unknown').map(toPerson),
    unreachable: byReason(recipients),
  };
}

function grouped<K extends string>(
  recipients: readonly Recipient[],
  wrote: ReadonlySet<string>,
  key: (recipient: Recipient) => K | null,
  label: (recipient: Recipient) => Authored | null,
): (Group & { readonly id: K | null })[] {
  return [...groupBy(recipients, key)]
    .map(([id, group]) => ({
      id,
      label: group[0] && id !== null ? label(group[0]) : null,
      ...tallyOf(group, wrote),
    }))
    .sort((a, b) => b.recipients - a.recipients || (a.id ?? '').localeCompare(b.id ?? ''));
}

function tallyOf(recipients: readonly Recipient[], wrote: ReadonlySet<string>): Tally {
  const count = (test: (r: Recipient) => boolean) => recipients.filter(test).length;
  return {
    recipients: recipients.length,
    pending: count((r) => r.status === 'pending' || r.status === 'sending'),
    accepted: count((r) => r.status === 'accepted'),
    unknown: count((r) => r.status === 'unknown'),
    unreachable: count((r) => r.status === 'unreachable'),
    failed: count((r) => r.status === 'failed'),
    confirmed: count((r) => r.confirmed_at !== null),
    replied: count((r) => r.member_id !== null && wrote.has(r.member_id)),
  };
}

function isUnconfirmed({ status, confirmed_at }: Recipient): boolean {
  return confirmed_at === null && (status === 'accepted' || status === 'unknown');
}

function byReason(recipients: readonly Recipient[]): AnnouncementReport['unreachable'] {
  const gone = recipients.filter((r) => r.status === 'unreachable');
  return [...groupBy(gone, (r) => r.reason ?? 'noAccount')].map(([reason, group]) => ({
    reason,
    people: group.map(toPerson),
  }));
}

function toPerson({ member_id, name, company }: Recipient): Person {
  return { memberId: member_id ?? '', name: name ?? '', company };
}

const sum = (counts: readonly ReplyCount[]) => counts.reduce((total, { n }) => total + n, 0);
const same = (name: string | null): Authored => both(name, name);
const both = (pl: string | null, en: string | null): Authored => ({ pl: pl ?? '', en: en ?? '' });
