import type { types } from '@slack/bolt';
import { z } from 'zod';
import { decodeAction } from '../../core/channels/action-token.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import { encodeMessageId, homeId } from './ids.ts';
import { opensWindow, type PressedElement, pressed, type SelectedState, windowOf } from './interactive.ts';
import { channelId, userId } from './limits.ts';
import { typedText, unescapeText } from './typed-text.ts';

/** What a delivery of Slack's means to us. */
export type Parsed =
  /** `conversation`: the person's private conversation with us, where the delivery tells it. */
  | { readonly kind: 'event'; readonly event: InboundEvent; readonly conversation?: string }
  /** A window is to be opened, within three seconds; where it cannot be, `instead` is what happened. */
  | {
      readonly kind: 'window';
      readonly triggerId: string;
      readonly view: types.ModalView;
      readonly instead: InboundEvent;
    }
  /** Slack holds events back: more than 30,000 in an hour. */
  | { readonly kind: 'rateLimited' }
  | { readonly kind: 'ignored' };

const ignored: Parsed = { kind: 'ignored' };
const person = z.string().regex(userId);
const trigger = z.string().min(1).max(200);

const message = z.object({
  type: z.literal('message'),
  subtype: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  user: person,
  bot_id: z.string().optional(),
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  parent_user_id: z.string().optional(),
  files: z.array(z.unknown()).optional(),
});
const homeOpened = z.object({
  type: z.literal('app_home_opened'),
  user: person,
  channel: z.string(),
  tab: z.literal('home'),
});
const eventCallback = z.object({
  type: z.literal('event_callback'),
  event_id: trigger,
  event: z.discriminatedUnion('type', [message, homeOpened]),
});
const element = z.object({
  type: z.string(),
  action_id: z.string(),
  block_id: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
const selected = z.object({ selected_options: z.array(z.object({ value: z.string() })).optional() });
const state = z
  .object({ values: z.record(z.string(), z.record(z.string(), selected)) })
  .optional()
  .catch(undefined);
const blockActions = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: person }),
  trigger_id: trigger,
  actions: z.array(element).min(1),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string(), channel_id: z.string() }).optional().catch(undefined),
  state,
  view: z.object({ type: z.string(), state }).optional(),
});
const submission = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id: person }),
  trigger_id: trigger.optional(),
  view: z.object({
    id: z.string(),
    hash: z.string().optional(),
    callback_id: z.literal('write'),
    private_metadata: z.string().default(''),
    state: z.object({
      values: z.object({ words: z.object({ words: z.object({ value: z.string().nullish() }) }) }),
    }),
  }),
});
const slashCommand = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: person,
  trigger_id: trigger,
  channel_id: z.string().optional(),
  channel_name: z.string().optional(),
});

/** `/wici setup` posts a Join button. */
const setUpName = 'setup';

/** Kinds of messages that are still somebody's own words. */
const ownWords = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/**
 * Says what a delivery means. Never throws: what cannot be read, is our own or was not said to us in private is ignored.
 * `self`: our own user at Slack, whose messages come back as events.
 */
export function parseDelivery(body: unknown, self: string): Parsed {
  const type = (body as { type?: unknown } | null)?.type;
  switch (type) {
    case 'event_callback':
      return parseEvent(eventCallback.safeParse(body).data, self);
    case 'block_actions':
      return parseActions(blockActions.safeParse(body).data);
    case 'view_submission':
      return parseSubmission(submission.safeParse(body).data);
    case 'app_rate_limited':
      return { kind: 'rateLimited' };
    default:
      return parseSlashCommand(slashCommand.safeParse(body).data);
  }
}

function parseEvent(found: z.infer<typeof eventCallback> | undefined, self: string): Parsed {
  if (!found) return ignored;
  const { event, event_id: id } = found;
  if (event.type === 'app_home_opened') {
    return eventOf({ ...baseOf(event.user, id), conversation: event.channel, type: 'home' });
  }
  if (event.user === self || event.bot_id !== undefined || !ownWords.has(event.subtype)) return ignored;
  if (event.channel_type !== 'im' && event.channel_type !== 'app_home') return ignored;
  const base = { ...baseOf(event.user, id), conversation: event.channel };
  const text = typedText(event);
  if (text === null) {
    return event.files?.length ? eventOf({ ...base, type: 'unsupported', what: 'file' }) : ignored;
  }
  const command = commandIn(text);
  if (command) return eventOf({ ...base, type: 'command', ...command });
  return eventOf({ ...base, type: 'text', text, ...answered(event, self) });
}

/** In a thread everything answers the message it began with, when that one is ours. */
function answered(event: z.infer<typeof message>, self: string): { replyTo?: string } {
  const { channel, thread_ts: ts, parent_user_id: parent } = event;
  if (ts === undefined || ts === event.ts || (parent !== undefined && parent !== self)) return {};
  return { replyTo: encodeMessageId({ channel, ts }) };
}

function parseActions(found: z.infer<typeof blockActions> | undefined): Parsed {
  const [first] = found?.actions ?? [];
  if (!found || !first) return ignored;
  if (opensWindow(first.action_id)) return parseAsking(found, first.value ?? '');
  const marks = found.state ?? found.view?.state;
  const action = pressed(first satisfies PressedElement, (marks?.values ?? {}) as SelectedState);
  if (action.token === '') return ignored;
  return eventOf({
    ...baseOf(found.user.id, found.trigger_id),
    type: 'action',
    ...action,
    ...shownIn(found),
    ...placeOf(found.channel?.id),
  });
}

/** In a channel it is told whose doing it was, and Slack lets anybody of the workspace be written to. */
function placeOf(channel: string | undefined): Pick<InboundEvent, 'inGroup'> {
  if (channel === undefined || !channelId.test(channel)) return {};
  return { inGroup: { externalId: channel, reachable: true } };
}

function shownIn({ container, view }: z.infer<typeof blockActions>): { externalMessageId?: string } {
  if (view?.type === 'home') return { externalMessageId: homeId };
  if (!container) return {};
  const { channel_id: channel, message_ts: ts } = container;
  return { externalMessageId: encodeMessageId({ channel, ts }) };
}

function parseAsking(found: z.infer<typeof blockActions>, value: string): Parsed {
  const window = windowOf(value);
  if (!window) return ignored;
  const { token, id } = window.action;
  const base = baseOf(found.user.id, found.trigger_id);
  const instead: InboundEvent = { ...base, type: 'action', token, id, values: [] };
  return { kind: 'window', triggerId: found.trigger_id, view: window.view, instead };
}

/** Words from a window are a text, with the field they were written into. */
function parseSubmission(found: z.infer<typeof submission> | undefined): Parsed {
  const text = found?.view.state.values.words.words.value ?? '';
  if (!found || text.trim() === '') return ignored;
  const { id, hash, private_metadata: data } = found.view;
  const field = decodeAction(data);
  const base = baseOf(found.user.id, found.trigger_id ?? `${id}.${hash ?? ''}`);
  const command = commandIn(text);
  if (command) return eventOf({ ...base, type: 'command', ...command });
  return eventOf({
    ...base,
    type: 'text',
    text,
    ...(field ? { field: { token: field.token, id: field.id } } : {}),
  });
}

/** `/wici name the rest`; without a name the menu is meant. */
function parseSlashCommand(found: z.infer<typeof slashCommand> | undefined): Parsed {
  if (!found) return ignored;
  const [, name = 'menu', args = ''] =
    /^\/?([^\s/]+)(?:\s+(.*))?$/su.exec(unescapeText(found.text).trim()) ?? [];
  const base = baseOf(found.user_id, found.trigger_id);
  if (name.toLowerCase() === setUpName) {
    return eventOf({ ...base, type: 'setUp', group: meant(found, args.trim()), manages: false });
  }
  const command = { type: 'command' as const, name: name.toLowerCase(), args: args.trim() };
  return eventOf({ ...base, ...command, ...placeOf(found.channel_id) });
}

/** The channel named, or the one it was typed in; none in a conversation of people. */
function meant(
  { channel_id: id, channel_name: name }: z.infer<typeof slashCommand>,
  named: string,
): Extract<InboundEvent, { type: 'setUp' }>['group'] {
  if (named !== '') return { named };
  return id !== undefined && channelId.test(id) ? { externalId: id, title: `#${name ?? ''}` } : null;
}

/** `/name the rest`; a path or a date is no command. */
function commandIn(text: string): { name: string; args: string } | null {
  const [, name, rest] = /^\s*\/([\p{L}\p{N}_]{1,64})(?:\s+(.*))?$/su.exec(text) ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), args: rest?.trim() ?? '' };
}

function baseOf(externalId: string, externalEventId: string) {
  return { channel: 'slack' as const, externalEventId, externalId };
}

function eventOf({ conversation, ...event }: InboundEvent & { conversation?: string }): Parsed {
  return { kind: 'event', event: event as InboundEvent, ...(conversation ? { conversation } : {}) };
}
