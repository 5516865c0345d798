import { stopMember } from '../members/stop.ts';
import { createSentLink } from '../sign-in/sent-link.ts';
import { say } from '../text.ts';
import { aboutMe } from './about-me.ts';
import { codeIn } from './codes.ts';
import { type Command, commandNamed } from './commands.ts';
import { buttons, languageButton, line, note, title } from './dialogs/parts.ts';
import { comeBack, comeIn, link, showLinkCode, showMenu, useCode } from './joining.ts';
import { showAnnouncements, showPolls, showSharedReports } from './lists.ts';
import { menuButtons } from './menu.ts';
import type { Talk } from './talk.ts';

/** A command by the name it was typed under. */
export async function takeCommand(talk: Talk, name: string, args: string): Promise<void> {
  const command = commandNamed(name);
  if (command) return runCommand(talk, command, args);
  await talk.say([line('chat:command.unknown'), ...(talk.member ? [menuButtons(talk.staff)] : [])]);
  if (isOpen(talk)) await talk.offerUnfinished();
}

export async function runCommand(talk: Talk, command: Command, args = ''): Promise<void> {
  switch (command) {
    case 'start':
      return start(talk, args);
    case 'link':
      return linkCommand(talk, args);
    case 'language':
      return askLanguage(talk);
    case 'cancel':
      return cancel(talk);
    case 'continue':
      return proceed(talk);
    case 'help':
      return help(talk);
    default:
      return talk.member
        ? memberCommand(talk, command, args, talk.member.id)
        : strangerCommand(talk, command);
  }
}

async function memberCommand(
  talk: Talk,
  command: Exclude<Command, 'start' | 'link' | 'language' | 'cancel' | 'continue' | 'help'>,
  args: string,
  memberId: string,
): Promise<void> {
  switch (command) {
    case 'report':
      return report(talk, args);
    case 'announce':
      return announce(talk);
    case 'erase':
      return talk.advance({ type: 'begin', dialog: 'erase', args: {} });
    case 'stop':
      return stop(talk, memberId);
    case 'menu':
      await showMenu(talk);
      break;
    case 'polls':
      await showPolls(talk, memberId);
      break;
    case 'announcements':
      await showAnnouncements(talk, memberId);
      break;
    case 'panel':
      await panel(talk, memberId);
      break;
    case 'reports':
      await showSharedReports(talk);
      break;
    case 'me':
      await aboutMe(talk, memberId);
      break;
  }
  if (isOpen(talk)) await talk.offerUnfinished();
}

async function strangerCommand(talk: Talk, command: Command): Promise<void> {
  if (command === 'me' || command === 'erase') await talk.say([line('chat:stranger.aboutMe')]);
  if (command === 'stop') return talk.say([line('chat:stranger.stop')]);
  if (isOpen(talk)) return talk.advance({ type: 'ask' });
  await comeIn(talk);
}

async function start(talk: Talk, args: string): Promise<void> {
  const [code] = args.split(/\s+/);
  if (code) return useCode(talk, codeIn(code) ?? { kind: 'invitation', code });
  if (!talk.member) return isOpen(talk) ? talk.advance({ type: 'ask' }) : comeIn(talk);
  if (talk.member.status === 'stopped') return comeBack(talk, talk.member.id);
  await showMenu(talk);
  if (isOpen(talk)) await talk.offerUnfinished();
}

async function linkCommand(talk: Talk, args: string): Promise<void> {
  if (args) return link(talk, args);
  if (talk.member) return showLinkCode(talk, talk.member.id);
  await talk.say([line('chat:link.needCode')]);
}

export async function askLanguage(talk: Talk): Promise<void> {
  const { languages } = talk.network;
  await talk.say([line('chat:language.ask'), buttons(...languages.map(languageButton))]);
}

async function help(talk: Talk): Promise<void> {
  const member = talk.member !== null;
  await talk.say([
    title('chat:help.title'),
    line(member ? 'chat:help.member' : 'chat:help.stranger'),
    ...(member ? [line('chat:help.commands')] : []),
    ...(talk.staff ? [line('chat:help.staff')] : []),
    note('chat:help.free'),
    ...(member ? [menuButtons(talk.staff)] : []),
  ]);
  if (isOpen(talk)) await talk.offerUnfinished();
}

async function cancel(talk: Talk): Promise<void> {
  if (isOpen(talk)) return talk.advance({ type: 'cancel' });
  await talk.say([line('chat:dialog.nothingOpen'), ...(talk.member ? [menuButtons(talk.staff)] : [])]);
}

async function proceed(talk: Talk): Promise<void> {
  if (talk.conversation.open) return talk.advance({ type: 'resume' });
  await cancel(talk);
}

async function report(talk: Talk, args: string): Promise<void> {
  if (!args && talk.conversation.open?.dialog === 'report') return talk.advance({ type: 'resume' });
  await talk.advance({ type: 'begin', dialog: 'report', args: args ? { text: args, sure: '1' } : {} });
}

async function announce(talk: Talk): Promise<void> {
  if (!talk.staff) return talk.sayText(say('chat:errors.staffOnly'));
  if (talk.conversation.open?.dialog === 'announce') return talk.advance({ type: 'resume' });
  await talk.advance({ type: 'begin', dialog: 'announce', args: {} });
}

async function panel(talk: Talk, memberId: string): Promise<void> {
  if (!talk.staff) return talk.sayText(say('chat:errors.staffOnly'));
  const url = await createSentLink(talk.unit, memberId);
  await talk.say([
    line('chat:panel.link'),
    { type: 'actions', actions: [{ kind: 'link', label: say('chat:panel.open'), url }], passing: true },
    note('chat:panel.holds'),
  ]);
}

async function stop(talk: Talk, memberId: string): Promise<void> {
  await stopMember(talk.unit, memberId);
  await talk.reload();
  await talk.say([
    title('chat:stop.done'),
    line('chat:stop.meaning'),
    buttons({ id: 'back', label: say('chat:stop.comeBack') }),
  ]);
}

/** A dialog stands open and has not been left. */
export function isOpen({ conversation }: Talk): boolean {
  return conversation.open !== null && !conversation.open.left;
}
