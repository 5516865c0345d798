import { findInvitationByCode } from '../store/invitations.ts';
import { say } from '../text.ts';
import { isBlank } from './clean-text.ts';
import { codeIn } from './codes.ts';
import { commandSaid, languageSaid } from './commands.ts';
import { takeConfirmationInWords } from './confirm-words.ts';
import { line } from './dialogs/parts.ts';
import { hears } from './engine.ts';
import { comeIn, stoppedNotice, useCode } from './joining.ts';
import { menuButtons } from './menu.ts';
import { takeVoteInWords } from './poll-words.ts';
import { smallTalk } from './small-talk.ts';
import { switchLanguage } from './switch-language.ts';
import { isOpen, runCommand } from './take-command.ts';
import { takeReply } from './take-reply.ts';
import type { Talk } from './talk.ts';

/** Whatever a person writes: `text` is clean and of a length that can be kept. */
export async function takeText(talk: Talk, text: string, replyTo: string | undefined): Promise<void> {
  if (isBlank(text)) return nothingRead(talk, 'chat:odd.empty');
  const heard = hears(talk.conversation, text, talk.context);
  if (heard === 'button') return talk.advance({ type: 'text', text });
  const command = commandSaid(text);
  if (command === 'stop') return runCommand(talk, command);
  if (replyTo !== undefined && (await takeReply(talk, text, replyTo))) return;
  if (command) return runCommand(talk, command);
  const language = languageSaid(text);
  if (language && heard !== 'text') return switchLanguage(talk, language);
  if (heard === 'text') return talk.advance({ type: 'text', text });
  if (await takeCode(talk, text)) return;
  if (talk.member && (await takePressInWords(talk, talk.member.id, text))) return;
  const small = smallTalk(text);
  if (small) return answerSmallTalk(talk, small);
  if (heard === 'more') return talk.advance({ type: 'text', text });
  if (talk.member) return talk.advance({ type: 'begin', dialog: 'report', args: { text } });
  await answerStranger(talk);
}

/** What stands on a card's button, written instead of pressed. */
async function takePressInWords(talk: Talk, memberId: string, text: string): Promise<boolean> {
  return (
    (await takeConfirmationInWords(talk, memberId, text)) || (await takeVoteInWords(talk, memberId, text))
  );
}

/** A code somebody typed. To a member, eight letters are a code only if it is one. */
async function takeCode(talk: Talk, text: string): Promise<boolean> {
  const code = codeIn(text);
  if (!code) return false;
  const known = await findInvitationByCode(talk.unit.db, code.code);
  if (!known && (talk.member || code.kind === 'link')) return false;
  await useCode(talk, code);
  return true;
}

async function answerSmallTalk(talk: Talk, kind: 'greeting' | 'thanks' | 'nod'): Promise<void> {
  if (!talk.member) return answerStranger(talk);
  if (kind === 'nod' && isOpen(talk)) return askAgain(talk);
  const { name } = talk.context.person;
  await talk.say([line(`chat:smallTalk.${kind}`, { name }), menuButtons(talk.staff)]);
  if (talk.member.status === 'stopped') await stoppedNotice(talk);
  if (isOpen(talk)) await talk.offerUnfinished();
}

/** Somebody who has not joined: their text can be passed to nobody yet, and they are told so. */
async function answerStranger(talk: Talk): Promise<void> {
  return isOpen(talk) ? askAgain(talk) : comeIn(talk);
}

/** A question stands open that only its buttons answer. */
async function askAgain(talk: Talk): Promise<void> {
  await talk.sayText(say('chat:dialog.useButtons'));
  await talk.advance({ type: 'ask' });
}

/** Something that says nothing: a sticker, an empty text. */
export async function nothingRead(talk: Talk, key: string): Promise<void> {
  await talk.sayText(say(key));
  if (isOpen(talk)) return talk.advance({ type: 'ask' });
  if (!talk.member) await comeIn(talk);
}
