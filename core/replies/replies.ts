import { DomainError } from '../domain-error.ts';
import { findAnnouncement } from '../store/announcements.ts';
import {
  findReply,
  handleReplies,
  insertMemberReply,
  type Reply,
  type ReplySubject,
  subjectTitles,
} from '../store/replies.ts';
import { tidyLines } from '../tidy.ts';
import type { Unit } from '../unit.ts';

/** UTF-16 units a person may write at once: what every messenger carries. */
export const longestReply = 4000;

export interface NewReply {
  readonly subjectKind: ReplySubject;
  readonly subjectId: string;
  readonly memberId: string;
  readonly text: string;
  readonly demo?: boolean;
}

/**
 * Keeps what a member wrote under an announcement or poll; returns its id. Throws DomainErrors 'common:errors.notFound',
 * 'replies:errors.empty', 'replies:errors.tooLong', 'replies:errors.notAllowed'.
 */
export async function addReply(unit: Unit, reply: NewReply): Promise<string> {
  const { subjectKind, subjectId, memberId } = reply;
  const text = checkReplyText(reply.text);
  const [subject] = await subjectTitles(unit.db, subjectKind, [subjectId]);
  if (!subject) throw new DomainError('common:errors.notFound');
  if (subjectKind === 'announcement' && !(await findAnnouncement(unit.db, subjectId))?.replies) {
    throw new DomainError('replies:errors.notAllowed');
  }
  const id = unit.ids.next();
  await insertMemberReply(unit.db, {
    id,
    subject_kind: subjectKind,
    subject_id: subjectId,
    member_id: memberId,
    from: 'member',
    author_id: null,
    text,
    at: unit.now,
    handled_at: null,
    demo: reply.demo ? 1 : 0,
  });
  ringReplies(unit, subjectKind, subjectId);
  return id;
}

/** Staff has read it and what the member wrote before; no answer is needed. Throws DomainError 'common:errors.notFound'. */
export async function markHandled(unit: Unit, replyId: string): Promise<void> {
  const reply = await openReply(unit, replyId);
  await handleReplies(unit.db, reply, unit.now);
  ringReplies(unit, reply.subject_kind, reply.subject_id);
}

/** The member's reply of this id, for staff to act on. */
export async function openReply({ db }: Unit, id: string): Promise<Reply> {
  const reply = await findReply(db, id);
  if (reply?.from !== 'member') throw new DomainError('common:errors.notFound');
  return reply;
}

export function checkReplyText(written: string): string {
  const text = tidyLines(written);
  if (text === '') throw new DomainError('replies:errors.empty', {}, 'text');
  if (text.length > longestReply) {
    throw new DomainError('replies:errors.tooLong', { limit: longestReply, length: text.length }, 'text');
  }
  return text;
}

export function ringReplies(unit: Unit, kind: ReplySubject, id: string): void {
  unit.ring({ kind: 'changed', topic: 'inbox' });
  unit.ring({ kind: 'changed', topic: `${kind}:${id}` });
}
