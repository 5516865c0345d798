import type { Aside } from '../../core/channels/channel-adapter.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { learnGroups, listGroups } from '../../core/groups/group.ts';
import { takeEvent } from '../../core/inbox.ts';
import type { TestCore } from '../support/test-core.ts';

/** The address of the group most tests post in. */
export const hall = 'G1';
let events = 0;

/** A group of Telegram's the bot may post to; its id. */
export async function addGroup(t: TestCore, externalId = hall, title = '#ogłoszenia'): Promise<string> {
  const { telegram } = t.channels;
  telegram.letIn = [...telegram.letIn, { externalId, title }];
  await t.core.transaction((unit) => learnGroups(unit, 'telegram', telegram.letIn));
  const group = (await listGroups(t.core.db, 'telegram')).find((g) => g.title === title);
  if (!group) throw new Error('the group was not learnt');
  return group.id;
}

/** What the group shows now. */
export const shownIn = (t: TestCore, externalId = hall): OutboundMessage[] =>
  t.channels.telegram.to(externalId);

export interface Pressing {
  readonly who: string;
  readonly button: string;
  readonly message: OutboundMessage | undefined;
  readonly reachable?: boolean;
  readonly languageHint?: string;
  readonly where?: string;
  readonly externalMessageId?: string;
}

/** Somebody presses a button in the group; what only they are told. */
export async function pressIn(t: TestCore, pressing: Pressing): Promise<Aside | undefined> {
  const {
    who,
    button,
    message,
    reachable = false,
    where = hall,
    languageHint = 'pl',
    externalMessageId,
  } = pressing;
  events += 1;
  const event: InboundEvent = {
    ...{ channel: 'telegram', externalEventId: `press-${events}`, externalId: who, languageHint },
    ...{ type: 'action', token: message?.token ?? '', id: button, values: [] },
    ...(externalMessageId === undefined ? {} : { externalMessageId }),
    inGroup: { externalId: where, reachable },
  };
  const { aside, fault } = await takeEvent(t.core, event);
  if (fault) throw fault;
  return aside;
}
