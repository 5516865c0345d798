import { reasonText } from '../deliveries/reason.ts';
import { DomainError } from '../domain-error.ts';
import type { Language } from '../language.ts';
import { sheetTime } from '../network/local-time.ts';
import { findAnnouncement, type Recipient, recipientsOf } from '../store/announcements.ts';
import { findNetwork } from '../store/network.ts';
import { countRepliesOf } from '../store/replies.ts';
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

/** Read and written together. */
const batch = 500;

/**
 * The report's recipients, one a row behind a row of headers, in staff's language and the network's time, read as they are
 * taken. Cells are people's own words: whoever writes them to a file guards against formulas. Throws DomainError
 * 'common:errors.notFound' before the first row.
 */
export async function* announcementCsvRows(
  db: Db,
  id: string,
  texts: Texts,
  language: Language,
): AsyncGenerator<string[]> {
  if (!(await findAnnouncement(db, id))) throw new DomainError('common:errors.notFound');
  const { time_zone } = await findNetwork(db);
  const words = (text: Text) => resolve(texts, language, text);
  yield columns.map((column) => words({ key: `announcements:report.${column}` }));
  let after = '';
  for (;;) {
    const recipients = await recipientsOf(db, id, { after, limit: batch });
    const members = recipients.flatMap((r) => r.member_id ?? []);
    const replies = await countRepliesOf(db, 'announcement', id, members);
    for (const recipient of recipients) {
      const cells = cellsOf(recipient, replies, words, language, time_zone);
      yield columns.map((column) => cells[column]);
    }
    const last = recipients.at(-1)?.member_id;
    if (!last) return;
    after = last;
  }
}

function cellsOf(
  r: Recipient,
  replies: ReadonlyMap<string, number>,
  words: (text: Text) => string,
  language: Language,
  timeZone: string,
): Record<(typeof columns)[number], string> {
  const time = (at: number | null) => (at === null ? '' : sheetTime(at, timeZone));
  return {
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
  };
}
