import { z } from 'zod';
import { decodeAction } from '../../core/channels/action-token.ts';
import type { Group, InboundEvent } from '../../core/channels/inbound-event.ts';
import { chosen, type InlineKeyboard, isSubmit, isToggle } from './choice.ts';
import { externalMessageId } from './render.ts';

/** What is asked of the platform; anything else never comes. */
export const allowedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

/** What an update means to us. `chat` is the key updates are kept in order by. */
export type Parsed =
  | { readonly kind: 'event'; readonly chat: string; readonly event: InboundEvent; readonly query?: Query }
  | { readonly kind: 'toggle'; readonly chat: string; readonly pressed: string; readonly query: Query }
  | { readonly kind: 'ignored'; readonly query?: Query };

/** A pressed button, to be answered at once, and the message it stands on. */
export interface Query {
  readonly id: string;
  readonly messageId: number | null;
  readonly keyboard: InlineKeyboard | null;
}

const user = z.object({
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
});
const chat = z.object({ id: z.number(), type: z.string(), title: z.string().optional() });
const keyboard = z.array(
  z.array(z.object({ text: z.string(), callback_data: z.string().optional(), url: z.string().optional() })),
);
const answered = z.object({
  message_id: z.number(),
  from: z.object({ is_bot: z.boolean() }).optional(),
  photo: z.unknown().optional(),
  document: z.unknown().optional(),
});
const message = z.looseObject({
  chat,
  from: user.extend({ id: z.number() }),
  text: z.string().optional(),
  new_chat_title: z.string().optional(),
  caption: z.string().optional(),
  reply_to_message: answered.optional().catch(undefined),
});
const callbackQuery = z.object({
  id: z.string(),
  from: user.extend({ id: z.number() }),
  data: z.string().optional(),
  message: z
    .object({
      chat,
      message_id: z.number(),
      text: z.unknown().optional(),
      photo: z.unknown().optional(),
      document: z.unknown().optional(),
      reply_markup: z.object({ inline_keyboard: keyboard }).optional().catch(undefined),
    })
    .optional(),
});
const membership = z.object({
  chat,
  from: user.extend({ id: z.number() }),
  new_chat_member: z.object({ status: z.string() }),
});
const update = z.object({
  message: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: membership.optional(),
});

/** Content a person sends that is not words. What is missing here (a pinned message, a changed timer) is no message to us. */
const contents = [
  'animation',
  'audio',
  'checklist',
  'contact',
  'dice',
  'document',
  'game',
  'venue',
  'location',
  'paid_media',
  'photo',
  'poll',
  'sticker',
  'story',
  'video',
  'video_note',
  'voice',
] as const;

/**
 * Says what an update means. Never throws: what cannot be read is ignored. Of what happens in a group only presses count, and
 * that the bot was let in or out, or the group renamed.
 * `keyboard`, when newer than the one a press brings along, is what a submit is read from.
 */
export function parseUpdate(raw: unknown, updateId: number, keyboard?: InlineKeyboard): Parsed {
  const parsed = update.safeParse(raw);
  if (!parsed.success) return { kind: 'ignored', ...queryOfUnreadable(raw) };
  const { message, callback_query: query, my_chat_member: member } = parsed.data;
  const id = String(updateId);
  if (message) return parseMessage(message, id);
  if (query) return parseQuery(query, id, keyboard);
  if (member) return parseMembership(member, id);
  return { kind: 'ignored' };
}

function parseMessage(found: z.infer<typeof message>, id: string): Parsed {
  const { chat, from, reply_to_message: replied, new_chat_title: title } = found;
  const group = groupIn(chat);
  if (group && title !== undefined) {
    const renamed = { ...group, title };
    return event({ ...baseOf(from.id, from, id), type: 'group', group: renamed, change: 'renamed' });
  }
  if (chat.type !== 'private' || from.is_bot) return { kind: 'ignored' };
  const base = baseOf(chat.id, from, id);
  const text = found.text ?? found.caption;
  const command = commandIn(found.text);
  if (command) return event({ ...base, type: 'command', ...command });
  if (text !== undefined && text.trim() !== '') {
    const replyTo = replied && replied.from?.is_bot !== false ? { replyTo: messageIdOf(replied) } : {};
    return event({ ...base, type: 'text', text, ...replyTo });
  }
  const what = contents.find((content) => content in found);
  return what ? event({ ...base, type: 'unsupported', what }) : { kind: 'ignored' };
}

function parseQuery(found: z.infer<typeof callbackQuery>, id: string, latest?: InlineKeyboard): Parsed {
  const { from, data = '', message } = found;
  const query: Query = {
    id: found.id,
    messageId: message?.message_id ?? null,
    keyboard: message?.reply_markup?.inline_keyboard ?? null,
  };
  const group = groupIn(message?.chat);
  if (message && message.chat.type !== 'private' && !group) return { kind: 'ignored', query };
  // A person's private chat has the person's own id.
  const chatId = group ? from.id : (message?.chat.id ?? from.id);
  if (!group && isToggle(data)) return { kind: 'toggle', chat: String(chatId), pressed: data, query };
  const submitted = isSubmit(data);
  const action = decodeAction(submitted ? data.slice(1) : data);
  if (!action) return { kind: 'ignored', query };
  const single = action.value === undefined ? [] : [action.value];
  const values = submitted ? chosen(data, latest ?? query.keyboard) : single;
  const { token, id: actionId } = action;
  const base = baseOf(chatId, from, id);
  const place = group ? { inGroup: { externalId: group.externalId, reachable: false } } : {};
  const happening = { type: 'action', token, id: actionId, values, ...shownIn(message) } as const;
  return { ...event({ ...base, ...place, ...happening }), query };
}

/** Of a message too old to be handed over whole it is not known whether its words are a caption. */
function shownIn(message: z.infer<typeof callbackQuery>['message']): { externalMessageId?: string } {
  if (!message) return {};
  const { message_id: id, text, photo, document } = message;
  if (text !== undefined) return { externalMessageId: externalMessageId(id, 'sendMessage') };
  const captioned = photo !== undefined || document !== undefined;
  return captioned ? { externalMessageId: externalMessageId(id, 'sendPhoto') } : {};
}

function parseMembership(found: z.infer<typeof membership>, id: string): Parsed {
  const { status } = found.new_chat_member;
  const group = groupIn(found.chat);
  if (group) {
    const change = status === 'left' || status === 'kicked' ? 'letOut' : 'letIn';
    return event({ ...baseOf(found.from.id, found.from, id), type: 'group', group, change });
  }
  if (found.chat.type !== 'private') return { kind: 'ignored' };
  const base = baseOf(found.chat.id, found.from, id);
  if (status === 'kicked' || status === 'left') return event({ ...base, type: 'blocked' });
  return status === 'member' ? event({ ...base, type: 'joined' }) : { kind: 'ignored' };
}

function groupIn(found: z.infer<typeof chat> | undefined): Group | null {
  if (found?.type !== 'group' && found?.type !== 'supergroup') return null;
  return { externalId: String(found.id), title: found.title ?? '' };
}

/** `/name@bot the rest`; a path or a date is no command. */
function commandIn(text: string | undefined): { name: string; args: string } | null {
  const [, name, rest] = /^\/([\p{L}\p{N}_]{1,64})(?:@\w+)?(?:\s+(.*))?$/su.exec(text ?? '') ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), args: rest?.trim() ?? '' };
}

/** The same string `send` gave for that message: a `p` marks one with a picture or file, whose words are its caption. */
function messageIdOf(message: z.infer<typeof answered>): string {
  return `${message.message_id}${message.photo || message.document ? 'p' : ''}`;
}

function baseOf(chatId: number, from: z.infer<typeof user>, id: string) {
  const displayName = [from.first_name, from.last_name].filter(Boolean).join(' ').trim();
  return {
    channel: 'telegram' as const,
    externalEventId: id,
    externalId: String(chatId),
    ...(displayName ? { displayName } : {}),
    ...(from.language_code ? { languageHint: from.language_code } : {}),
  };
}

function event(event: InboundEvent): Parsed & { kind: 'event' } {
  return { kind: 'event', chat: event.externalId, event };
}

/** Even a press we cannot read is answered, or the person's button keeps turning. */
function queryOfUnreadable(raw: unknown): { query?: Query } {
  const id = z.object({ callback_query: z.object({ id: z.string() }) }).safeParse(raw);
  return id.success ? { query: { id: id.data.callback_query.id, messageId: null, keyboard: null } } : {};
}
