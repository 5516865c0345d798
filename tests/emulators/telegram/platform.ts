import {
  type Chat,
  chatJson,
  formatted,
  type Markup,
  type Message,
  messageJson,
  type User,
  writable,
} from './chats.ts';
import { ApiError, badRequest } from './failures.ts';
import { type Fields, type Method, readFields, type UploadedFile } from './fields.ts';
import type { Formatted } from './html.ts';
import { RateLimiter, type Rates } from './rates.ts';
import { UpdateQueue } from './updates.ts';

export interface PlatformOptions {
  readonly bot: User;
  readonly now: () => number;
  readonly rates: Rates | null;
  readonly webhookRetryMs: number;
  /** A method called in the answer to a webhook's delivery. */
  readonly replied: (call: unknown) => void;
}

/** A press, and what the person was shown for it. */
export interface Query {
  readonly at: number;
  answered: boolean;
  text?: string;
  alert?: boolean;
  /** Opened in the person's app. */
  url?: string;
}

type Call = (payload: unknown) => unknown;
type SendFields = Fields<'sendPhoto'> | Fields<'sendDocument'> | Fields<'sendMessage'>;

const queryLifeMs = 15_000;

/** The messenger itself: chats, files, updates, and what each method does to them. */
export class Platform {
  readonly options: PlatformOptions;
  readonly chats = new Map<number, Chat>();
  readonly files = new Map<string, UploadedFile>();
  readonly commands = new Map<string, Fields<'setMyCommands'>['commands']>();
  readonly queries = new Map<string, Query>();
  readonly updates: UpdateQueue;
  readonly #rates: RateLimiter;
  #nextMessage = 1;
  #nextFile = 1;
  #nextQuery = 9_000_000_001;

  constructor(options: PlatformOptions) {
    this.options = options;
    this.updates = new UpdateQueue(options);
    this.#rates = new RateLimiter(options.rates, options.now);
  }

  /** Carries out a call; throws ApiError. */
  async call(method: Method, payload: unknown): Promise<unknown> {
    return this.#methods[method](payload);
  }

  /** A person's message comes in. */
  receive(
    chat: Chat,
    words: { text: string; replyTo?: number; media?: Message['media']; extra?: Message['extra'] },
    member?: User,
  ): Message {
    const message = this.#add(chat, {
      from: 'user',
      text: words.text,
      entities: commandEntities(words.text),
      markup: null,
      replyTo: words.replyTo ?? null,
      media: words.media ?? null,
      extra: words.extra ?? {},
      ...(member ? { member } : {}),
    });
    // A bot in privacy mode sees of a group's talk its commands alone, and what the platform itself says.
    if (chat.group && words.text !== '' && !words.text.startsWith('/')) return message;
    this.updates.push('message', messageJson(chat, message, this.options.bot), String(chat.user.id));
    return message;
  }

  /** A person, in a group one of its members, presses a button; returns the query's id. */
  press(chat: Chat, message: Message, data: string, from: User = chat.user): string {
    const id = String(this.#nextQuery++);
    this.queries.set(id, { at: this.options.now(), answered: false });
    const body = {
      id,
      from,
      message: messageJson(chat, message, this.options.bot),
      chat_instance: `i${chat.user.id}`,
      data,
    };
    this.updates.push('callback_query', body, String(from.id));
    return id;
  }

  /** A person blocks the bot, or lets it in again; in a group one of its members does. */
  membership(chat: Chat, status: 'member' | 'kicked', from: User = chat.user): void {
    const { bot, now } = this.options;
    const old = status === 'kicked' ? 'member' : 'kicked';
    chat.state = status === 'kicked' ? 'blocked' : 'open';
    const body = {
      chat: chatJson(chat),
      from,
      date: Math.floor(now() / 1000),
      old_chat_member: { user: bot, status: old },
      new_chat_member: { user: bot, status, ...(status === 'kicked' ? { until_date: 0 } : {}) },
    };
    this.updates.push('my_chat_member', body, String(chat.user.id));
  }

  keep(file: UploadedFile): string {
    const id = `AgAD${this.#nextFile++}`;
    this.files.set(id, file);
    return id;
  }

  readonly #methods: Record<Method, Call> = {
    getMe: (p) => {
      readFields('getMe', p);
      return { ...this.options.bot, can_join_groups: true, can_read_all_group_messages: false };
    },
    getUpdates: (p) => this.updates.poll(readFields('getUpdates', p)),
    setWebhook: (p) => {
      const fields = readFields('setWebhook', p);
      if (fields.url !== '' && !/^https?:\/\//.test(fields.url)) {
        throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
      }
      const hook = fields.url === '' ? null : { url: fields.url, secret: fields.secret_token };
      this.updates.setWebhook(hook, fields.allowed_updates, fields.drop_pending_updates ?? false);
      return true;
    },
    deleteWebhook: (p) => {
      const fields = readFields('deleteWebhook', p);
      this.updates.setWebhook(null, undefined, fields.drop_pending_updates ?? false);
      return true;
    },
    getWebhookInfo: (p) => {
      readFields('getWebhookInfo', p);
      const { webhookUrl, pending, lastWebhookError } = this.updates;
      return {
        url: webhookUrl,
        has_custom_certificate: false,
        pending_update_count: pending.length,
        ...(lastWebhookError === null ? {} : { last_error_message: lastWebhookError }),
      };
    },
    setMyCommands: (p) => {
      const fields = readFields('setMyCommands', p);
      this.commands.set(fields.language_code ?? '', fields.commands);
      return true;
    },
    getMyCommands: (p) => this.commands.get(readFields('getMyCommands', p).language_code ?? '') ?? [],
    sendMessage: (p) => {
      const fields = readFields('sendMessage', p);
      return this.#send(fields, formatted(fields.text, fields.parse_mode, 4096, 'refused'), null);
    },
    sendPhoto: (p) => this.#sendFile(readFields('sendPhoto', p), 'photo'),
    sendDocument: (p) => this.#sendFile(readFields('sendDocument', p), 'document'),
    sendChatAction: (p) => {
      writable(this.chats, readFields('sendChatAction', p).chat_id);
      return true;
    },
    editMessageText: (p) => {
      const fields = readFields('editMessageText', p);
      return this.#edit(fields, (message) => {
        if (message.media) throw badRequest('there is no text in the message to edit');
        return formatted(fields.text, fields.parse_mode, 4096, 'refused');
      });
    },
    editMessageCaption: (p) => {
      const fields = readFields('editMessageCaption', p);
      return this.#edit(fields, (message) => {
        if (!message.media) throw badRequest('there is no caption in the message to edit');
        return formatted(fields.caption ?? '', fields.parse_mode, 1024, 'allowed');
      });
    },
    editMessageReplyMarkup: (p) =>
      this.#edit(readFields('editMessageReplyMarkup', p), ({ text, entities }) => ({ text, entities })),
    answerCallbackQuery: (p) => {
      const fields = readFields('answerCallbackQuery', p);
      const query = this.queries.get(fields.callback_query_id);
      if (!query || this.options.now() - query.at > queryLifeMs) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      }
      query.answered = true;
      const { username } = this.options.bot;
      if (fields.url !== undefined && !fields.url.startsWith(`https://t.me/${username}?`)) {
        throw badRequest('URL_INVALID');
      }
      if (fields.text !== undefined) query.text = fields.text;
      if (fields.show_alert) query.alert = true;
      if (fields.url !== undefined) query.url = fields.url;
      return true;
    },
    getFile: (p) => {
      const { file_id: id } = readFields('getFile', p);
      const file = this.files.get(id);
      if (!file) throw badRequest('invalid file_id');
      if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
      return {
        file_id: id,
        file_unique_id: `u${id}`,
        file_size: file.bytes.length,
        file_path: `files/${id}`,
      };
    },
  };

  #sendFile(fields: Fields<'sendPhoto'> | Fields<'sendDocument'>, kind: 'photo' | 'document'): unknown {
    const words = formatted(fields.caption ?? '', fields.parse_mode, 1024, 'allowed');
    const file = 'photo' in fields ? fields.photo : fields.document;
    if (typeof file === 'string') {
      const known = this.files.get(file);
      if (!known) throw badRequest('wrong file identifier/HTTP URL specified');
      return this.#send(fields, words, { kind, fileId: file, name: known.name });
    }
    if (file.bytes.length === 0) throw badRequest('file must be non-empty');
    if (kind === 'photo') checkPicture(file);
    if (file.bytes.length > 50 * 1024 * 1024) throw new ApiError(413, 'Request Entity Too Large');
    writable(this.chats, fields.chat_id);
    return this.#send(fields, words, { kind, fileId: this.keep(file), name: file.name });
  }

  #send(fields: SendFields, words: Formatted, media: Message['media']): unknown {
    const chat = writable(this.chats, fields.chat_id);
    this.#rates.count(chat.user.id);
    const reply = fields.reply_parameters;
    const answered = reply && chat.messages.find((m) => m.messageId === reply.message_id);
    if (reply && !answered && !reply.allow_sending_without_reply) {
      throw badRequest('message to be replied not found');
    }
    const message = this.#add(chat, {
      from: 'bot',
      ...words,
      markup: fields.reply_markup ?? null,
      replyTo: answered?.messageId ?? null,
      media,
      extra: {},
    });
    return messageJson(chat, message, this.options.bot);
  }

  #edit(
    fields: { chat_id: number | string; message_id: number; reply_markup?: Markup | undefined },
    change: (message: Message) => Formatted,
  ): unknown {
    const chat = writable(this.chats, fields.chat_id);
    const message = chat.messages.find((m) => m.messageId === fields.message_id);
    if (!message) throw badRequest('message to edit not found');
    if (message.from !== 'bot') throw badRequest("message can't be edited");
    const { text, entities } = change(message);
    const after = { text, entities, markup: fields.reply_markup ?? null };
    const { text: t, entities: e, markup } = message;
    if (JSON.stringify(after) === JSON.stringify({ text: t, entities: e, markup })) {
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    Object.assign(message, after, { edits: message.edits + 1 });
    return messageJson(chat, message, this.options.bot);
  }

  #add(chat: Chat, message: Omit<Message, 'messageId' | 'edits' | 'date'>): Message {
    const added = { ...message, messageId: this.#nextMessage++, edits: 0, date: this.options.now() };
    chat.messages.push(added);
    return added;
  }
}

function checkPicture({ bytes }: UploadedFile): void {
  if (bytes.length > 10 * 1024 * 1024) throw badRequest('file is too big for a photo');
  const [a, b, c] = bytes;
  const picture =
    (a === 0x89 && b === 0x50) || (a === 0xff && b === 0xd8) || (a === 0x52 && b === 0x49 && c === 0x46);
  if (!picture) throw badRequest('IMAGE_PROCESS_FAILED');
}

function commandEntities(text: string): Formatted['entities'] {
  const command = /^\/[a-z0-9_]+(@\w+)?/i.exec(text)?.[0];
  return command ? [{ type: 'bot_command', offset: 0, length: command.length }] : [];
}
