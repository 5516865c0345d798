import { ApiError, badRequest, forbidden } from './failures.ts';
import { type Formatted, parseHtml } from './html.ts';

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface Button {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
}

export interface Markup {
  readonly inline_keyboard: readonly (readonly Button[])[];
}

/** A message as a person sees it now. */
export interface Message {
  readonly messageId: number;
  readonly from: 'bot' | 'user';
  /** In a group: who of its members. */
  readonly member?: User;
  /** Of a text message, or the caption. */
  text: string;
  entities: Formatted['entities'];
  markup: Markup | null;
  readonly replyTo: number | null;
  readonly media: { readonly kind: string; readonly fileId: string; readonly name: string } | null;
  /** Anything else a person's message carries (a sticker, a place). */
  readonly extra: Record<string, unknown>;
  edits: number;
  readonly date: number;
}

export interface Chat {
  /** Whose chat it is; of a group: nobody, but its id. */
  readonly user: User;
  /** Of a group: what it is called. `muted`: the bot is in it and may not write. */
  readonly group?: { title: string; muted: boolean };
  /** `new`: the person has never pressed Start. */
  state: 'new' | 'open' | 'blocked' | 'deactivated';
  migratedTo: number | null;
  readonly messages: Message[];
}

/** The chat a call names, when the bot may write there. */
export function writable(chats: ReadonlyMap<number, Chat>, chatId: number | string): Chat {
  const chat = chats.get(Number(chatId));
  if (!chat) throw badRequest('chat not found');
  if (chat.migratedTo !== null) {
    throw new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: chat.migratedTo,
    });
  }
  if (chat.group) {
    if (chat.state !== 'open') throw forbidden('bot was kicked from the supergroup chat');
    if (chat.group.muted) throw badRequest('not enough rights to send text messages to the chat');
  }
  if (chat.state === 'blocked') throw forbidden('bot was blocked by the user');
  if (chat.state === 'deactivated') throw forbidden('user is deactivated');
  if (chat.state === 'new') throw forbidden("bot can't initiate conversation with a user");
  return chat;
}

/** Words as the platform keeps them: markup read, edges trimmed, length checked. */
export function formatted(
  text: string,
  mode: 'HTML' | undefined,
  limit: number,
  empty: 'allowed' | 'refused',
): Formatted {
  const parsed = mode === 'HTML' ? parseHtml(text) : { text, entities: [] };
  const trimmed = parsed.text.trim();
  if (trimmed === '' && empty === 'refused') throw badRequest('message text is empty');
  if (trimmed.length > limit) {
    throw badRequest(limit === 1024 ? 'message caption is too long' : 'message is too long');
  }
  const lead = parsed.text.length - parsed.text.trimStart().length;
  return { text: trimmed, entities: parsed.entities.map((e) => ({ ...e, offset: e.offset - lead })) };
}

/** The message as the platform's JSON. */
export function messageJson(chat: Chat, message: Message, bot: User): Record<string, unknown> {
  const { user } = chat;
  const words = message.media ? 'caption' : 'text';
  const replied = chat.messages.find((m) => m.messageId === message.replyTo);
  return {
    message_id: message.messageId,
    from: message.from === 'bot' ? bot : (message.member ?? user),
    chat: chatJson(chat),
    date: Math.floor(message.date / 1000),
    ...(message.text === '' ? {} : { [words]: message.text }),
    ...(message.entities.length > 0
      ? { [message.media ? 'caption_entities' : 'entities']: message.entities }
      : {}),
    ...(message.media ? mediaJson(message.media) : {}),
    ...(message.markup ? { reply_markup: message.markup } : {}),
    ...(replied ? { reply_to_message: messageJson(chat, { ...replied, replyTo: null }, bot) } : {}),
    ...message.extra,
  };
}

export function chatJson({ user, group }: Chat): Record<string, unknown> {
  if (group) return { id: user.id, type: 'supergroup', title: group.title };
  const { id, is_bot: _, language_code: __, ...names } = user;
  return { id, type: 'private', ...names };
}

function mediaJson({ kind, fileId, name }: NonNullable<Message['media']>): Record<string, unknown> {
  const file = { file_id: fileId, file_unique_id: `u${fileId}` };
  if (kind === 'photo') {
    return {
      photo: [
        { ...file, file_id: `${fileId}s`, width: 90, height: 60 },
        { ...file, width: 800, height: 600 },
      ],
    };
  }
  return { [kind]: { ...file, file_name: name } };
}
