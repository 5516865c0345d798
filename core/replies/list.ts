import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import {
  memberReplies,
  type Reply,
  type ReplyRow,
  type ReplySubject,
  staffReplies,
  subjectTitles,
} from '../store/replies.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';

export interface ReplyView {
  readonly id: string;
  readonly subject: { readonly kind: ReplySubject; readonly id: string; readonly title: Authored };
  readonly member: { readonly id: string; readonly name: string };
  readonly company: { readonly id: string; readonly name: string } | null;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
  readonly handledAt: number | null;
  /** What staff wrote to this member under this subject after it, oldest first. */
  readonly answers: readonly {
    readonly id: string;
    readonly text: string;
    readonly at: number;
    readonly staffId: string | null;
  }[];
}

export interface RepliesRequest extends PageRequest {
  /** Only those staff has not handled. */
  readonly open?: boolean;
  readonly subject?: { readonly kind: ReplySubject; readonly id: string };
}

/** What members wrote under announcements and polls, newest first, with what staff answered. */
export async function listReplies(db: Db, request: RepliesRequest = {}): Promise<Page<ReplyView>> {
  const limit = pageLimit(request.limit);
  const [before] = decodeCursor(request.cursor) ?? [];
  const rows = await memberReplies(db, {
    limit: limit + 1,
    ...(request.open === undefined ? {} : { open: request.open }),
    ...(request.subject ? { subject: request.subject } : {}),
    ...(before === undefined ? {} : { before }),
  });
  const page = toPage(rows, limit, (row) => [row.id]);
  return { next: page.next, items: await withContext(db, page.items) };
}

async function withContext(db: Db, rows: readonly ReplyRow[]): Promise<ReplyView[]> {
  const ids = (kind: ReplySubject) => [
    ...new Set(rows.filter((r) => r.subject_kind === kind).map((r) => r.subject_id)),
  ];
  const titles = new Map<string, Authored>();
  for (const kind of ['announcement', 'poll'] as const) {
    for (const { id, pl, en } of await subjectTitles(db, kind, ids(kind))) {
      titles.set(id, { ...(pl === null ? {} : { pl }), ...(en === null ? {} : { en }) });
    }
  }
  const answers = await staffReplies(
    db,
    rows.map((r) => r.subject_id),
    rows.map((r) => r.member_id),
  );
  return rows.map((row) => toView(row, titles.get(row.subject_id) ?? {}, answers));
}

function toView(row: ReplyRow, title: Authored, answers: readonly Reply[]): ReplyView {
  return {
    id: row.id,
    subject: { kind: row.subject_kind, id: row.subject_id, title },
    member: { id: row.member_id, name: row.member_name },
    company: row.company_id && row.company ? { id: row.company_id, name: row.company } : null,
    text: row.text,
    at: row.at,
    handledAt: row.handled_at,
    answers: answers
      .filter((a) => a.subject_id === row.subject_id && a.member_id === row.member_id && a.id > row.id)
      .map(({ id, text, at, author_id }) => ({ id, text, at, staffId: author_id })),
  };
}
