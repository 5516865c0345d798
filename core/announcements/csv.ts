import { reasonText } from '../deliveries/reason.ts';
import { DomainError } from '../domain-error.ts';
import type { Language } from '../language.ts';
import { sheetTime } from '../network/local-time.ts';
import { findAnnouncement, type Recipient, recipientsOf } from '../store/announcements.ts';
import { findNetwork } from '../store/network.ts';
import { countReplies } from '../store/replies.ts';
import type { Db } from '../store/schema.ts';
import { resolve, type Text, type Texts } from '../text.ts';
import { shownStatus } from './list.ts';

const columns = [
  'person',
  'company',
  'branch',
  'language',
  'channel',
  'status',
  'reason',
  'acceptedAt',
  'confirmedAt',
  'replies',
] as const;

/**
 * The report's recipients, one a row behind a row of headers, in staff's language and the network's time. Cells are people's
 * own words: whoever writes them to a file guards against formulas. Throws DomainError 'common:errors.notFound'.
 */
export async function announcementCsvRows(
  db: Db,
  id: string,
  texts: Texts,
  language: Language,
): Promise<string[][]> {
  if (!(await findAnnouncement(db, id))) throw new DomainError('common:errors.notFound');
  const { time_zone } = await findNetwork(db);
  const replies = new Map((await countReplies(db, 'announcement', [id])).map((r) => [r.member_id, r.n]));
  const words = (text: Text) => resolve(texts, language, text);
  const time = (at: number | null) => (at === null ? '' : sheetTime(at, time_zone));
  const header = columns.map((column) => words({ key: `announcements:report.${column}` }));
  const row = (r: Recipient): Record<(typeof columns)[number], string> => ({
    person: r.name || words({ key: 'announcements:report.erasedPerson' }),
    company: r.company ?? '',
    branch: (language === 'pl' ? r.branch_pl : r.branch_en) ?? '',
    language: r.language ?? '',
    channel: r.channel ? words({ key: `delivery:channel.${r.channel}` }) : '',
    status: words({ key: `delivery:status.${shownStatus(r)}` }),
    reason: r.reason ? words(reasonText(r.status, r.reason)) : '',
    acceptedAt: time(r.accepted_at),
    confirmedAt: time(r.confirmed_at),
    replies: String(replies.get(r.member_id ?? '') ?? 0),
  });
  const recipients = await recipientsOf(db, id);
  return [header, ...recipients.map(row).map((cells) => columns.map((column) => cells[column]))];
}
