import { confirmAnnouncement, undoConfirmation } from '../announcements/confirm.ts';
import { noteArrival } from '../deliveries/arrival.ts';
import type { StoredContent } from '../deliveries/content.ts';
import { revokeInvitation } from '../invitations/invitation.ts';
import { invitationPurpose } from '../invitations/invite-on-messenger.ts';
import { isLanguage } from '../language.ts';
import { reopenAnswer } from '../polls/change.ts';
import { vote } from '../polls/vote.ts';
import { type Delivery, findDeliveryByToken } from '../store/deliveries.ts';
import { findInvitation } from '../store/invitations.ts';
import { say } from '../text.ts';
import { commandNamed } from './commands.ts';
import { languageNames, line } from './dialogs/parts.ts';
import { drop } from './engine.ts';
import { comeBack, comeIn, showLinkCode, showMenu, useCode } from './joining.ts';
import { showAnnouncement } from './lists.ts';
import { menuButtons, menuCommand } from './menu.ts';
import { switchLanguage } from './switch-language.ts';
import { runCommand } from './take-command.ts';
import type { Talk } from './talk.ts';

export interface Press {
  readonly token: string;
  readonly id: string;
  readonly values: readonly string[];
  readonly externalMessageId?: string;
}

/** A pressed button: of a message of this person only, whatever its data says. */
export async function takeAction(talk: Talk, press: Press): Promise<void> {
  const { token, id, values } = press;
  const delivery = await findDeliveryByToken(talk.unit.db, token);
  if (!delivery || !belongs(delivery, talk)) return refuse(talk);
  talk.pressed = delivery;
  await noteArrival(talk.unit, delivery, press);
  if (delivery.content === null && talk.member) {
    const { id: memberId } = talk.member;
    if (delivery.subject_kind === 'announcement') return onAnnouncement(talk, delivery, id);
    if (delivery.subject_kind === 'poll') return onPoll(talk, delivery, memberId, id, values);
  }
  if (id === 'answer' && (delivery.subject_kind === 'reply' || delivery.subject_kind === 'barrier')) {
    const args = { kind: delivery.subject_kind, id: delivery.subject_id };
    return talk.staff
      ? talk.advance({ type: 'begin', dialog: 'answer', args })
      : talk.sayText(say('chat:errors.staffOnly'));
  }
  if (delivery.purpose === invitationPurpose) return onInvitation(talk, delivery, id);
  if (await standing(talk, id, values)) return;
  await dialogButton(talk, delivery, id, values);
}

/** Sent by staff to somebody on the list: with one press they begin to join, with the other it is over. */
async function onInvitation(talk: Talk, delivery: Delivery, id: string): Promise<void> {
  const { refs: [invitationId = ''] = [] } = JSON.parse(delivery.content ?? '{}') as Partial<StoredContent>;
  const invitation = await findInvitation(talk.unit.db, invitationId);
  if (!invitation) return talk.sayText(say('chat:button.old'));
  if (id === 'invited.join') return useCode(talk, { kind: 'invitation', code: invitation.code });
  await talk.choose(say('chat:dialog.chosen', { words: say('chat:invited.refuse') }));
  await talk.orRefused(() => revokeInvitation(talk.unit, invitation.id));
  await talk.sayText(say('chat:invited.refused'));
}

/** Whether this message is of whoever writes. */
export function belongs(delivery: Delivery, { member, account }: Talk): boolean {
  return delivery.member_id === null ? delivery.account_id === account.id : delivery.member_id === member?.id;
}

async function refuse(talk: Talk): Promise<void> {
  await talk.say([line('chat:button.notYours'), ...(talk.member ? [menuButtons(talk.staff)] : [])]);
}

async function onAnnouncement(talk: Talk, delivery: Delivery, id: string): Promise<void> {
  const { unit } = talk;
  await talk.orRefused(async () => {
    switch (id) {
      case 'confirm': {
        const { result } = await confirmAnnouncement(unit, delivery);
        if (result === 'already') await talk.sayText(say('chat:confirm.already'));
        return;
      }
      case 'undo': {
        const { result } = await undoConfirmation(unit, delivery);
        if (result !== 'undone') await talk.sayText(say(`chat:confirm.${result}`));
        return;
      }
      case 'reply': {
        const args = { subjectKind: 'announcement', subjectId: delivery.subject_id };
        return talk.advance({ type: 'begin', dialog: 'feedback', args });
      }
      default:
        return talk.sayText(say('chat:button.old'));
    }
  });
}

async function onPoll(
  talk: Talk,
  delivery: Delivery,
  memberId: string,
  id: string,
  values: readonly string[],
): Promise<void> {
  const { unit } = talk;
  await talk.orRefused(async () => {
    switch (id) {
      case 'vote': {
        const positions = values.map((v) => (/^\d{1,2}$/.test(v) ? Number(v) : -1));
        return vote(unit, {
          pollId: delivery.subject_id,
          memberId,
          values: positions,
          card: delivery,
        });
      }
      case 'change':
        return reopenAnswer(unit, delivery);
      default:
        return talk.sayText(say('chat:button.old'));
    }
  });
}

/** Buttons that mean the same at any time. False: it is not one of them. */
async function standing(talk: Talk, id: string, values: readonly string[]): Promise<boolean> {
  const [what, which = ''] = id.split('.');
  const memberId = talk.member?.id;
  const command = commandNamed(menuCommand(id) ?? '');
  if (command) await runCommand(talk, command);
  else if (what === 'lang' && isLanguage(which)) {
    await talk.choose(say('chat:dialog.chosen', { words: languageNames[which] }));
    await switchLanguage(talk, which);
  } else if (memberId === undefined) return false;
  else if (id === 'back') await comeBack(talk, memberId);
  else if (id === 'me.link') await showLinkCode(talk, memberId);
  else if (id === 'me.name') await talk.advance({ type: 'begin', dialog: 'name', args: {} });
  else if (id === 'me.erase') await runCommand(talk, 'erase');
  else if (id === 'me.stop') await runCommand(talk, 'stop');
  else if (id === 'show') await showAnnouncement(talk, memberId, values[0] ?? '');
  else return false;
  return true;
}

async function dialogButton(
  talk: Talk,
  delivery: Delivery,
  id: string,
  values: readonly string[],
): Promise<void> {
  const { revision, chosen } = JSON.parse(delivery.content ?? '{}') as Partial<StoredContent>;
  if (['confirm', 'undo', 'reply', 'vote', 'change'].includes(id) && revision === undefined) {
    return talk.sayText(say('chat:button.preview'));
  }
  const current = revision === talk.conversation.revision && chosen === undefined;
  if (id === 'resume' && talk.conversation.open) {
    await talk.choose(say('chat:dialog.chosen', { words: say('chat:dialog.resume') }));
    return talk.advance({ type: 'resume' });
  }
  if (!current || !talk.conversation.open) return old(talk);
  if (id === 'drop') return dropOpen(talk);
  await talk.advance({ type: 'press', id, values });
}

async function dropOpen(talk: Talk): Promise<void> {
  await talk.choose(say('chat:dialog.chosen', { words: say('chat:dialog.drop') }));
  talk.conversation = drop(talk.conversation);
  await talk.say([line('chat:dialog.dropped'), ...(talk.member ? [menuButtons(talk.staff)] : [])]);
  if (talk.conversation.open) await talk.offerUnfinished();
}

/** A button of a step that is over: said kindly, with what is current now. */
async function old(talk: Talk): Promise<void> {
  await talk.choose(say('chat:button.over'));
  await talk.sayText(say('chat:button.old'));
  const { open } = talk.conversation;
  if (open && !open.left) return talk.advance({ type: 'ask' });
  if (open) return talk.offerUnfinished();
  if (talk.member) return showMenu(talk);
  await comeIn(talk);
}
