import { readersOf } from '../deliveries/destination.ts';
import { enqueue, type NewDelivery } from '../outbox.ts';
import { findDeliveryOf } from '../store/deliveries.ts';
import { findMember } from '../store/members.ts';
import { handleReplies, insertReply, type Reply } from '../store/replies.ts';
import { literal, say } from '../text.ts';
import type { Unit } from '../unit.ts';
import { checkReplyText, openReply, ringReplies } from './replies.ts';

export interface Answer {
  readonly replyId: string;
  readonly text: string;
  /** Whose name it bears; null = the staff as such. */
  readonly staffId: string | null;
}

/**
 * Staff answers a member's reply: the member gets it as a reply to the message answered, where it was shown on the account
 * used last, with the member's own words quoted. Returns the answer's id. Throws DomainErrors 'common:errors.notFound',
 * 'replies:errors.empty', 'replies:errors.tooLong'.
 */
export async function answerReply(unit: Unit, { replyId, text, staffId }: Answer): Promise<string> {
  const reply = await openReply(unit, replyId);
  const words = checkReplyText(text);
  const id = unit.ids.next();
  await insertReply(unit.db, {
    ...reply,
    id,
    from: 'staff',
    author_id: staffId,
    text: words,
    at: unit.now,
    handled_at: null,
  });
  await handleReplies(unit.db, reply, unit.now);
  const staff = staffId === null ? undefined : await findMember(unit.db, staffId);
  await enqueue(unit, [
    {
      ...(await placeOf(unit, reply)),
      subject: { kind: 'reply', id },
      content: { blocks: [quote(reply.text), answer(words, staff?.name)] },
      lane: 'person',
    },
  ]);
  ringReplies(unit, reply.subject_kind, reply.subject_id);
  return id;
}

/** On the account used last, as a reply to the message answered when it stands there. */
async function placeOf(unit: Unit, reply: Reply): Promise<Pick<NewDelivery, 'to' | 'replyTo'>> {
  const { db, channels } = unit;
  const memberId = reply.member_id;
  const account = (await readersOf(db, [memberId], channels)).get(memberId)?.account;
  const main = await findDeliveryOf(db, reply.subject_kind, reply.subject_id, 'main', memberId);
  if (!account || !main?.external_message_id || main.account_id !== account.id) return { to: { memberId } };
  return { to: { memberId, accountId: account.id }, replyTo: main.external_message_id };
}

const longestQuote = 200;

function quote(words: string) {
  const short =
    words.length > longestQuote ? `${[...words].slice(0, longestQuote).join('').trimEnd()}…` : words;
  return { type: 'text', style: 'quote', text: literal(short) } as const;
}

function answer(words: string, name: string | undefined) {
  const key = name ? 'replies:answer.named' : 'replies:answer.staff';
  return { type: 'text', text: say(key, { text: literal(words), ...(name ? { name } : {}) }) } as const;
}
