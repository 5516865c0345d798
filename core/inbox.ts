import type { InboundEvent } from './channels/inbound-event.ts';
import { cleanText, clip } from './conversations/clean-text.ts';
import { line } from './conversations/dialogs/parts.ts';
import { comeIn, showMenu, stoppedNotice } from './conversations/joining.ts';
import { takeAction } from './conversations/take-action.ts';
import { takeCommand } from './conversations/take-command.ts';
import { nothingRead, takeText } from './conversations/take-text.ts';
import { ConversationMoved, Talk } from './conversations/talk.ts';
import { accountGone, takeAccount } from './members/accounts.ts';
import { isDatabaseFault } from './store/faults.ts';
import { takeOnce } from './store/inbound-events.ts';
import { say } from './text.ts';
import type { Core, Unit } from './unit.ts';

const tries = 5;

export interface Taken {
  /**
   * Set when handling the event failed: the event is taken, the person was asked to try again. For the operator's log;
   * it carries no text of a person's.
   */
  readonly fault?: Error;
}

/**
 * Takes one inbound event exactly once: everything that comes of it stands in the database when this resolves.
 * Rejects only when the database cannot be used now: the event is not taken and may come again.
 */
export async function takeEvent(core: Core, event: InboundEvent): Promise<Taken> {
  try {
    await inOneTransaction(core, event);
    return {};
  } catch (error) {
    if (isDatabaseFault(error)) throw error;
    await core.transaction((unit) => apologise(unit, event));
    return { fault: error instanceof Error ? error : new Error('unknown fault') };
  }
}

/** Another process may take an event of the same person at the same moment: then the later one is handled anew. */
async function inOneTransaction(core: Core, event: InboundEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await core.transaction((unit) => take(unit, event));
    } catch (error) {
      if (!(error instanceof ConversationMoved) || attempt === tries) throw error;
    }
  }
}

async function take(unit: Unit, event: InboundEvent): Promise<void> {
  const { channel, externalEventId, externalId } = event;
  if (!(await takeOnce(unit.db, channel, externalEventId, unit.now))) return;
  if (event.type === 'blocked') return accountGone(unit, channel, externalId);
  const { account, member } = await takeAccount(unit, event);
  const talk = await Talk.open(unit, account, member);
  await route(talk, event);
  await talk.save();
}

async function route(talk: Talk, event: Exclude<InboundEvent, { type: 'blocked' }>): Promise<void> {
  switch (event.type) {
    case 'text':
      return takeText(talk, await readable(talk, event.text), event.replyTo);
    case 'command':
      return takeCommand(talk, event.name, await readable(talk, event.args));
    case 'action':
      return takeAction(talk, event);
    case 'unsupported':
      return nothingRead(talk, 'chat:odd.unsupported');
    case 'joined':
      return cameBack(talk);
  }
}

/** The text as it is kept; whoever wrote more is told how much that is. */
async function readable(talk: Talk, text: string): Promise<string> {
  const { kept, cutFrom } = clip(cleanText(text));
  if (cutFrom !== null) await talk.say([line('chat:odd.long', { kept: kept.length, all: cutFrom })]);
  return kept;
}

/** They unblocked the bot or opened the conversation anew. */
async function cameBack(talk: Talk): Promise<void> {
  if (!talk.member) return comeIn(talk);
  if (talk.member.status === 'stopped') return stoppedNotice(talk);
  await showMenu(talk);
}

/** The event is taken although it could not be handled, so that it does not come for ever; the person hears of it. */
async function apologise(unit: Unit, event: InboundEvent): Promise<void> {
  const { channel, externalEventId } = event;
  if (!(await takeOnce(unit.db, channel, externalEventId, unit.now))) return;
  if (event.type === 'blocked') return;
  const { account, member } = await takeAccount(unit, event);
  const talk = await Talk.open(unit, account, member);
  await talk.sayText(say('chat:odd.fault'));
}
