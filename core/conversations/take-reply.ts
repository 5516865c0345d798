import { addReporterMessage } from '../barriers/handle.ts';
import { isReporter, sharedListId } from '../barriers/list.ts';
import { findAnnouncement } from '../store/announcements.ts';
import { type Delivery, findDeliveryByMessage, onItsWay } from '../store/deliveries.ts';
import { findReply } from '../store/replies.ts';
import { say } from '../text.ts';
import { perform } from './calls.ts';
import { confirmSaid, saysRead } from './confirm-words.ts';
import type { Call, Outcome } from './dialog.ts';
import { line } from './dialogs/parts.ts';
import { takeVoteInWords } from './poll-words.ts';
import { isOpen } from './take-command.ts';
import type { Talk } from './talk.ts';

/** A text written as the answer to one of our messages. False: that message takes no answers, the text is like any other. */
export async function takeReply(talk: Talk, text: string, replyTo: string): Promise<boolean> {
  const { unit, account } = talk;
  const delivery =
    (await findDeliveryByMessage(unit.db, account.id, replyTo)) ?? (await onItsWay(unit.db, account.id));
  return delivery ? takeAnswer(talk, delivery, text) : false;
}

/** A text that answers this message. False: it takes no answers. */
export async function takeAnswer(talk: Talk, delivery: Delivery, text: string): Promise<boolean> {
  const { member } = talk;
  if (!member || delivery.member_id !== member.id) return false;
  switch (delivery.subject_kind) {
    case 'announcement':
      return onAnnouncement(talk, member.id, delivery.subject_id, text);
    case 'poll':
      return onPoll(talk, member.id, delivery.subject_id, text);
    case 'barrier':
      return onBarrier(talk, member.id, delivery.subject_id, text);
    case 'reply':
      return onReply(talk, delivery, text);
    case 'dialog':
    case 'group':
    case 'home':
      return false;
  }
}

async function onAnnouncement(talk: Talk, memberId: string, id: string, text: string): Promise<boolean> {
  const announcement = await findAnnouncement(talk.unit.db, id);
  if (announcement?.confirm === 1 && saysRead(text)) {
    await confirmSaid(talk, id, { announcementId: id, memberId });
    return true;
  }
  if (announcement?.replies === 1) return feedback(talk, 'announcement', id, text);
  await talk.sayText(say('chat:feedback.off'));
  await talk.advance({ type: 'begin', dialog: 'report', args: { text } });
  return true;
}

async function onPoll(talk: Talk, memberId: string, id: string, text: string): Promise<boolean> {
  return (await takeVoteInWords(talk, memberId, text, id)) || feedback(talk, 'poll', id, text);
}

async function feedback(
  talk: Talk,
  subjectKind: 'announcement' | 'poll',
  subjectId: string,
  text: string,
): Promise<boolean> {
  const done = subjectKind === 'poll' ? 'chat:feedback.donePoll' : 'chat:feedback.done';
  return calling(talk, { kind: 'addReply', subjectKind, subjectId, text }, done);
}

async function onBarrier(talk: Talk, memberId: string, id: string, text: string): Promise<boolean> {
  const { unit } = talk;
  if (await isReporter(unit.db, id, memberId)) {
    const added = await talk.orRefused(() => addReporterMessage(unit, id, memberId, text));
    if (added) await answered(talk, 'chat:report.messageAdded');
    return true;
  }
  if (!talk.staff || id === sharedListId) return false;
  return calling(talk, { kind: 'answerBarrier', barrierId: id, text }, 'chat:answer.done');
}

/** Staff answers the notification of a reply; a member goes on with what staff answered them. */
async function onReply(talk: Talk, delivery: Delivery, text: string): Promise<boolean> {
  const reply = await findReply(talk.unit.db, delivery.subject_id);
  if (!reply) return false;
  if (reply.member_id === talk.member?.id) return feedback(talk, reply.subject_kind, reply.subject_id, text);
  if (!talk.staff) return false;
  return calling(talk, { kind: 'answerReply', replyId: reply.id, text }, 'chat:answer.done');
}

async function calling(talk: Talk, call: Call, done: string): Promise<true> {
  const outcome: Outcome = await perform(talk, call);
  if (outcome.kind === 'refused') await talk.sayText(outcome.text);
  else await answered(talk, done);
  return true;
}

async function answered(talk: Talk, key: string): Promise<void> {
  await talk.say([line(key)]);
  if (isOpen(talk)) await talk.offerUnfinished();
}
