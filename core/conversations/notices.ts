import { titleOf } from '../announcements/announcement.ts';
import type { Draft } from '../deliveries/content.ts';
import { field } from '../deliveries/field.ts';
import { enqueue } from '../outbox.ts';
import { questionOf } from '../polls/poll.ts';
import { findAnnouncement } from '../store/announcements.ts';
import { findMember, type Member } from '../store/members.ts';
import { findPoll } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import type { DeliverySubject } from '../store/tables/flow.ts';
import { type Authored, authored, literal, say, type Text } from '../text.ts';
import type { Unit } from '../unit.ts';
import type { Call } from './dialog.ts';
import { buttons, note, quote } from './dialogs/parts.ts';
import type { Talk } from './talk.ts';

type Replied = Extract<Call, { kind: 'addReply' }> & { readonly replyId: string };

/** Whoever composed it hears of a member's reply, if they are staff still. */
export async function tellAuthorOfReply(
  talk: Talk,
  { subjectKind, subjectId, replyId, text }: Replied,
): Promise<void> {
  const { db } = talk.unit;
  const subject = await subjectOf(db, subjectKind, subjectId);
  const author = subject?.author ? await findMember(db, subject.author) : undefined;
  if (!subject || !author || !isStaff(author) || author.id === talk.member?.id) return;
  const blocks: Draft = [
    { type: 'text', style: 'title', text: say('chat:notice.reply') },
    {
      type: 'fields',
      items: [
        { label: say('chat:notice.from'), value: nameOf(talk) },
        { label: say(`chat:notice.${subjectKind}`), value: authored(subject.title) },
      ],
    },
    quote(text),
    answerButton(),
    note('chat:notice.how'),
  ];
  await notify(talk.unit, [author], { kind: 'reply', id: replyId }, blocks);
}

/** What an announcement or poll is called and who composed it. */
async function subjectOf(
  db: Db,
  kind: Replied['subjectKind'],
  id: string,
): Promise<{ title: Authored; author: string | null } | null> {
  if (kind === 'poll') {
    const poll = await findPoll(db, id);
    return poll ? { title: questionOf(poll), author: poll.author_id } : null;
  }
  const announcement = await findAnnouncement(db, id);
  return announcement ? { title: titleOf(announcement), author: announcement.author_id } : null;
}

async function notify(
  unit: Unit,
  members: readonly Member[],
  subject: { kind: DeliverySubject; id: string },
  blocks: Draft,
): Promise<void> {
  await enqueue(
    unit,
    members.map(({ id }) => ({
      to: { memberId: id },
      subject,
      purpose: 'notice',
      content: { blocks },
      lane: 'person',
      quiet: true,
    })),
  );
}

const isStaff = ({ role, status }: Member) => role !== 'member' && status === 'active';

function nameOf({ context }: Talk): Text {
  const { name, company } = context.person;
  return literal(company ? `${name}, ${company}` : name);
}

function answerButton(): Draft[number] {
  return buttons({
    id: 'answer',
    label: say('chat:notice.answer'),
    style: 'primary',
    field: field('chat:answer.hint', 'chat:notice.answer'),
  });
}
