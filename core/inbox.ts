import type { Aside } from './channels/channel-adapter.ts';
import type { InboundEvent } from './channels/inbound-event.ts';
import { cleanText, clip } from './conversations/clean-text.ts';
import { line } from './conversations/dialogs/parts.ts';
import { keepHome, showHome } from './conversations/home.ts';
import { comeIn, showMenu, stoppedNotice } from './conversations/joining.ts';
import { takeAction } from './conversations/take-action.ts';
import { isOpen, takeCommand } from './conversations/take-command.ts';
import { takeField } from './conversations/take-field.ts';
import { nothingRead, takeText } from './conversations/take-text.ts';
import { ConversationMoved, Talk } from './conversations/talk.ts';
import { groupEvent } from './groups/admit.ts';
import { setUp } from './groups/join-button.ts';
import { pressInGroup } from './groups/press.ts';
import { asideFor, presserOf } from './groups/presser.ts';
import { accountGone, takeAccount } from './members/accounts.ts';
import { noteTraffic } from './messengers/traffic.ts';
import { numberText } from './number-text.ts';
import { isDatabaseFault, isRace } from './store/faults.ts';
import { forgetEvents, takeOnce } from './store/inbound-events.ts';
import { say } from './text.ts';
import type { Core, Unit } from './unit.ts';

const tries = 5;

export interface Taken {
  /** What only the person is told of what they did in a group. */
  readonly aside?: Aside;
  /**
   * Set when handling the event failed: the event is taken, the person was asked to try again. For the operator's log;
   * it says what failed and where, and carries no text of a person's.
   */
  readonly fault?: Error;
}

/**
 * Takes one inbound event exactly once: everything that comes of it stands in the database when this resolves.
 * Rejects only when the database cannot be used now: the event is not taken and may come again.
 */
export async function takeEvent(core: Core, event: InboundEvent): Promise<Taken> {
  try {
    const aside = await repeated(() => core.transaction((unit) => take(unit, event)));
    return aside ? { aside } : {};
  } catch (error) {
    if (isDatabaseFault(error)) throw error;
    const aside = await repeated(() => core.transaction((unit) => apologise(unit, event)));
    return { fault: withoutWords(error), ...(aside ? { aside } : {}) };
  }
}

/** Another process may take an event of the same person at the same moment: then the later one is handled anew. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConversationMoved || isRace(error)) || attempt === tries) throw error;
    }
  }
}

/** Messages of faults quote what could not be parsed or stored: only the kind and the place are kept. */
function withoutWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('unknown fault');
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const fault = new Error(`${error.name}${code}`);
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  fault.stack = [fault.message, ...frames].join('\n');
  return fault;
}

async function take(unit: Unit, event: InboundEvent): Promise<Aside | undefined> {
  const { channel, externalEventId, externalId } = event;
  if (!(await takeOnce(unit.db, channel, externalEventId, unit.now))) return undefined;
  await noteTraffic(unit, channel, 'in');
  if (event.type === 'setUp') return setUp(unit, event);
  if (event.type === 'action' && event.inGroup) return pressInGroup(unit, event, event.inGroup);
  if (event.type === 'group') await groupEvent(unit, event);
  else if (event.type === 'blocked') await accountGone(unit, channel, externalId);
  else await answer(unit, event);
  // A command typed among others is answered in private, where they may not be looking.
  if (!event.inGroup) return undefined;
  return asideFor(unit, await presserOf(unit, event), 'groups:press.inPrivate');
}

/** What somebody says or presses in private. */
type Said = Exclude<InboundEvent, { type: 'blocked' | 'group' | 'setUp' }>;

async function answer(unit: Unit, event: Said): Promise<void> {
  const { account, member } = await takeAccount(unit, event);
  const talk = await Talk.open(unit, account, member);
  await talk.orRefused(() => route(talk, event));
  await talk.save();
}

async function route(talk: Talk, event: Said): Promise<void> {
  switch (event.type) {
    case 'text':
      return event.field
        ? takeField(talk, await readable(talk, event.text), event.field)
        : takeText(talk, await readable(talk, event.text), event.replyTo);
    case 'command':
      return takeCommand(talk, event.name, await readable(talk, event.args));
    case 'action':
      await takeAction(talk, event);
      return keepHome(talk, event.externalMessageId);
    case 'home':
      return showHome(talk);
    case 'unsupported':
      return nothingRead(talk, 'chat:odd.unsupported');
    case 'joined':
      return cameBack(talk);
  }
}

/** The text as it is kept; whoever wrote more is told how much that is. */
async function readable(talk: Talk, text: string): Promise<string> {
  const { kept, cutFrom } = clip(cleanText(text));
  if (cutFrom !== null)
    await talk.say([line('chat:odd.long', { kept: numberText(kept.length), all: numberText(cutFrom) })]);
  return kept;
}

/** They unblocked the bot or opened the conversation anew. */
async function cameBack(talk: Talk): Promise<void> {
  if (isOpen(talk)) return talk.advance({ type: 'ask' });
  if (!talk.member) return comeIn(talk);
  if (talk.member.status === 'stopped') return stoppedNotice(talk);
  await showMenu(talk);
}

/** The event is taken although it could not be handled, so that it does not come for ever; the person hears of it. */
async function apologise(unit: Unit, event: InboundEvent): Promise<Aside | undefined> {
  const { channel, externalEventId } = event;
  if (!(await takeOnce(unit.db, channel, externalEventId, unit.now))) return undefined;
  if (event.inGroup || event.type === 'setUp') {
    return asideFor(unit, await presserOf(unit, event), 'chat:odd.fault');
  }
  if (event.type === 'blocked' || event.type === 'group') return undefined;
  const { account, member } = await takeAccount(unit, event);
  const talk = await Talk.open(unit, account, member);
  await talk.sayText(say('chat:odd.fault'));
  return undefined;
}

/** No platform repeats an event after this long. */
const repeatedForMs = 7 * 24 * 3_600_000;

/** Forgets which events were taken once none of them can come again. For the periodic sweep. */
export async function forgetTaken(core: Core): Promise<void> {
  await core.transaction(({ db, now }) => forgetEvents(db, now - repeatedForMs));
}
