import type {
  APIAttachment,
  APIInteraction,
  APIMessage,
  APIMessageTopLevelComponent,
  APIUser,
} from 'discord-api-types/v10';
import { ApiError, invalidForm } from './failures.ts';
import {
  type Callback,
  type Commands,
  type CreateMessage,
  callback,
  checked,
  commands,
  createMessage,
  editAnswer,
  editMessage,
  type Modal,
  openChannel,
} from './fields.ts';
import type { RateLimiter } from './rates.ts';
import type { RoomState } from './room.ts';
import { Snowflakes } from './snowflakes.ts';

export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Somebody on the platform and their direct messages with the bot. */
export interface Account {
  readonly user: APIUser;
  readonly channelId: string;
  readonly messages: APIMessage[];
  locale: string;
  /** `closed`: takes no direct messages; `stranger`: shares no server with the bot; `deleted`: is no more. */
  state: 'open' | 'closed' | 'stranger' | 'deleted';
  opened: boolean;
  /** The window open before them. */
  window: Modal | null;
}

/** A conversation with one person, or a server's channel. */
type Conversation = Pick<Account, 'channelId' | 'messages'>;

/** What became of a press or a command. */
export interface Asked {
  readonly id: string;
  readonly token: string;
  readonly at: number;
  readonly userId: string;
  readonly kind: 'command' | 'component' | 'submission';
  /** `null` until answered. */
  answer: Callback | null;
  /** What the answer shows now; null when there is none or it was deleted. */
  shown: { content: string; ephemeral: boolean; labels: string[] } | null;
}

export interface PlatformOptions {
  readonly now: () => number;
  readonly limiter: RateLimiter;
  readonly dispatch: (type: string, data: unknown, directMessage?: boolean) => void;
  /** Whether a direct message says what it is; the platform did not always. */
  readonly channelType: () => boolean;
}

const asking = { 2: 'command', 3: 'component', 5: 'submission' } as const;
const ackWithinMs = 3000;
const answerableMs = 15 * 60_000;
const nonceMs = 5 * 60_000;
const maxUploadBytes = 10 * 1024 * 1024;

/** What the platform knows and refuses. Throws ApiError. */
export class Platform {
  readonly snowflakes: Snowflakes;
  readonly bot: APIUser;
  readonly guild: { readonly id: string; readonly name: string };
  readonly accounts = new Map<string, Account>();
  /** The server's channels. */
  readonly rooms = new Map<string, RoomState>();
  readonly asked = new Map<string, Asked>();
  readonly files = new Map<string, Upload>();
  commands: Commands = [];
  /** Whether somebody has put the bot on the server. */
  onServer = true;
  /** What it may do there: see channels, write, attach files. */
  permissions = '35840';
  /** Whether anybody may put it on theirs. */
  botPublic = false;
  readonly #options: PlatformOptions;
  readonly #nonces = new Map<string, { message: APIMessage; at: number }>();

  constructor(options: PlatformOptions) {
    this.#options = options;
    this.snowflakes = new Snowflakes(options.now);
    this.bot = userOf(this.snowflakes.next(), 'wici-standin', true);
    this.guild = { id: this.snowflakes.next(), name: 'Serwer testowy' };
  }

  get application(): object {
    const { id, username: name } = this.bot;
    return { id, name, description: '', flags: 0, bot_public: this.botPublic, bot: this.bot };
  }

  /** The servers the bot was put on. */
  get servers(): object[] {
    const { id, name } = this.guild;
    return this.onServer ? [{ id, name, owner: false, permissions: this.permissions, features: [] }] : [];
  }

  open(body: unknown): object {
    const { recipient_id: id } = checked(openChannel, body);
    const account = this.accounts.get(id);
    if (!account || account.state === 'deleted') throw new ApiError(404, 10_013, 'Unknown User');
    if (!account.opened && !this.#options.limiter.mayOpen())
      throw new ApiError(400, 40_003, 'You are opening direct messages too fast');
    account.opened = true;
    return {
      id: account.channelId,
      type: 1,
      last_message_id: account.messages.at(-1)?.id ?? null,
      recipients: [account.user],
    };
  }

  post(channelId: string, body: unknown, uploads: readonly Upload[]): APIMessage {
    const account = this.#writable(channelId);
    const given = checked(createMessage, body);
    if (!given.content?.trim() && uploads.length === 0)
      throw new ApiError(400, 50_006, 'Cannot send an empty message');
    const twin = this.#twin(channelId, given);
    if (twin) return twin;
    const message = this.#message(account, this.bot, given.content ?? '', {
      attachments: this.#attach(given, uploads),
      components: (given.components ?? []) as APIMessageTopLevelComponent[],
      ...(given.flags === undefined ? {} : { flags: given.flags }),
      ...this.#answering(account, given),
    });
    if (given.nonce !== undefined) {
      message.nonce = given.nonce;
      this.#nonces.set(`${channelId} ${given.nonce}`, { message, at: this.#options.now() });
    }
    account.messages.push(message);
    if (!this.rooms.has(channelId)) this.#tell(message);
    return message;
  }

  edit(channelId: string, messageId: string, body: unknown): APIMessage {
    const { message } = this.#known(channelId, messageId);
    if (message.author.id !== this.bot.id)
      throw new ApiError(403, 50_005, 'Cannot edit a message authored by another user');
    const given = checked(editMessage, body);
    const content = given.content === undefined ? message.content : (given.content ?? '');
    if (!content.trim() && message.attachments.length === 0)
      throw new ApiError(400, 50_006, 'Cannot send an empty message');
    message.content = content.trim();
    if (given.components !== undefined)
      message.components = (given.components ?? []) as APIMessageTopLevelComponent[];
    message.edited_timestamp = new Date(this.#options.now()).toISOString();
    return message;
  }

  remove(channelId: string, messageId: string): void {
    const { message, conversation } = this.#known(channelId, messageId);
    if (message.author.id !== this.bot.id)
      throw new ApiError(403, 50_003, 'Cannot execute action on a DM channel');
    conversation.messages.splice(conversation.messages.indexOf(message), 1);
  }

  /** Newest first, as the platform lists them. */
  history(channelId: string, query: URLSearchParams): APIMessage[] {
    const account = this.#channel(channelId);
    const after = BigInt(query.get('after') ?? '0');
    const limit = Number(query.get('limit') ?? '50');
    if (!(limit >= 1 && limit <= 100)) throw invalidForm('limit', 'int value should be between 1 and 100.');
    return account.messages
      .filter(({ id }) => BigInt(id) > after)
      .slice(0, limit)
      .toReversed();
  }

  answer(id: string, token: string, body: unknown): void {
    const asked = this.asked.get(id);
    if (!asked || asked.token !== token || this.#options.now() - asked.at > ackWithinMs)
      throw new ApiError(404, 10_062, 'Unknown interaction');
    if (asked.answer) throw new ApiError(400, 40_060, 'Interaction has already been acknowledged.');
    const given = checked(callback, body);
    if (given.type === 9 && asked.kind === 'submission')
      throw invalidForm('type', 'A modal cannot be answered with a modal.');
    if ((given.type === 6 || given.type === 7) && asked.kind === 'command')
      throw invalidForm('type', 'Only components can be answered so.');
    if (given.type === 4 && !given.data.content?.trim())
      throw new ApiError(400, 50_006, 'Cannot send an empty message');
    asked.answer = given;
    if (given.type === 9) this.#account(asked.userId).window = given.data;
    if (given.type === 4 || given.type === 5) {
      const data: { content?: string | null | undefined; flags?: number | undefined; components?: unknown } =
        given.data ?? {};
      const ephemeral = ((data.flags ?? 0) & 64) !== 0;
      asked.shown = { content: data.content ?? '…', ephemeral, labels: labelsIn(data.components) };
    }
  }

  original(token: string, change: { readonly body: unknown } | null): void {
    const asked = [...this.asked.values()].find((a) => a.token === token);
    if (!asked || this.#options.now() - asked.at > answerableMs)
      throw new ApiError(401, 50_027, 'Invalid Webhook Token');
    if (!asked.shown) throw new ApiError(404, 10_008, 'Unknown Message');
    if (change === null) asked.shown = null;
    else asked.shown = { ...asked.shown, content: checked(editAnswer, change.body).content ?? '' };
  }

  write(body: unknown): Commands {
    this.commands = checked(commands, body);
    return this.commands;
  }

  /** A person's words or things, as a direct message. */
  receive(account: Account, content: string, more: Partial<APIMessage> = {}): APIMessage {
    const message = this.#message(account, account.user, content, more);
    account.opened = true;
    account.messages.push(message);
    this.#tell(message);
    return message;
  }

  /** A new channel of the server, or what the bot may do there has changed. */
  roomChanged(room: RoomState): void {
    const known = this.rooms.has(room.channelId);
    this.rooms.set(room.channelId, room);
    const type = room.access === 'deleted' ? 'CHANNEL_DELETE' : known ? 'CHANNEL_UPDATE' : 'CHANNEL_CREATE';
    this.#options.dispatch(type, this.#roomJson(room));
  }

  /** The server as a session is told of it. */
  guildJson(): object {
    return {
      ...this.guild,
      ...{ owner_id: '100000000000000001', unavailable: false, member_count: 1, features: [] },
      roles: [
        { id: this.guild.id, name: '@everyone', permissions: this.permissions, position: 0, managed: false },
      ],
      members: [memberOf(this.bot)],
      channels: [...this.rooms.values()].filter((r) => r.access !== 'deleted').map((r) => this.#roomJson(r)),
      ...{ emojis: [], stickers: [], threads: [], voice_states: [], presences: [] },
      ...{ stage_instances: [], guild_scheduled_events: [], soundboard_sounds: [] },
    };
  }

  /** Somebody's words in a channel of the server: kept there, and told to no bot without the intent for them. */
  receiveIn(room: RoomState, { user }: Account, content: string): void {
    room.messages.push(this.#message(room, user, content, {}));
  }

  /** A press or command; in the server, or one of its channels, instead of the direct messages. */
  ask(
    account: Account,
    inServer: boolean | RoomState,
    rest: { readonly type: 2 | 3 | 5; readonly [more: string]: unknown },
    manages = false,
  ): Asked {
    const room = typeof inServer === 'boolean' ? null : inServer;
    const id = this.snowflakes.next();
    const asked: Asked = {
      id,
      token: `interaction-token-${id}`,
      at: this.#options.now(),
      userId: account.user.id,
      kind: asking[rest.type],
      answer: null,
      shown: null,
    };
    this.asked.set(id, asked);
    const interaction = {
      id,
      application_id: this.bot.id,
      token: asked.token,
      version: 1,
      locale: account.locale,
      app_permissions: '0',
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: maxUploadBytes,
      ...(inServer
        ? {
            guild_id: this.guild.id,
            guild_locale: 'pl',
            channel_id: room?.channelId ?? this.guild.id,
            ...(room ? { channel: { id: room.channelId, name: room.name, type: 0 } } : {}),
            context: 0,
            member: memberOf(account.user, manages ? '3104' : '3072'),
          }
        : {
            channel_id: account.channelId,
            context: 1,
            user: account.user,
            channel: { id: account.channelId, type: 1 },
          }),
      ...rest,
    } as unknown as APIInteraction;
    this.#options.dispatch('INTERACTION_CREATE', interaction);
    return asked;
  }

  #account(userId: string): Account {
    const account = this.accounts.get(userId);
    if (!account) throw new ApiError(404, 10_013, 'Unknown User');
    return account;
  }

  #roomJson({ channelId, name, access }: RoomState): object {
    const denied = { open: '0', readOnly: '2048', hidden: '1024', deleted: '0' }[access];
    return {
      ...{ id: channelId, type: 0, guild_id: this.guild.id, name, position: 0, parent_id: null, nsfw: false },
      permission_overwrites: [{ id: this.guild.id, type: 0, allow: '0', deny: denied }],
    };
  }

  #channel(channelId: string): Conversation {
    const room = this.rooms.get(channelId);
    if (room && room.access !== 'deleted') return room;
    const account = [...this.accounts.values()].find((a) => a.channelId === channelId && a.opened);
    if (!account) throw new ApiError(404, 10_003, 'Unknown Channel');
    return account;
  }

  #known(channelId: string, messageId: string): { message: APIMessage; conversation: Conversation } {
    if (this.rooms.get(channelId)?.access === 'hidden') throw new ApiError(403, 50_001, 'Missing Access');
    const conversation = this.#channel(channelId);
    const message = conversation.messages.find((m) => m.id === messageId);
    if (!message) throw new ApiError(404, 10_008, 'Unknown Message');
    return { message, conversation };
  }

  #writable(channelId: string): Conversation {
    const room = this.rooms.get(channelId);
    if (room?.access === 'hidden') throw new ApiError(403, 50_001, 'Missing Access');
    if (room?.access === 'readOnly') throw new ApiError(403, 50_013, 'Missing Permissions');
    const conversation = this.#channel(channelId);
    const account = [...this.accounts.values()].find((a) => a === conversation);
    if (!account) return conversation;
    if (account.state === 'closed') throw new ApiError(403, 50_007, 'Cannot send messages to this user');
    if (account.state === 'stranger')
      throw new ApiError(403, 50_278, 'Cannot send messages to this user due to having no mutual guilds');
    if (account.state === 'deleted') throw new ApiError(404, 10_003, 'Unknown Channel');
    return account;
  }

  #twin(channelId: string, { nonce, enforce_nonce: enforced }: CreateMessage): APIMessage | undefined {
    if (nonce === undefined || !enforced) return undefined;
    const known = this.#nonces.get(`${channelId} ${nonce}`);
    return known && this.#options.now() - known.at < nonceMs ? known.message : undefined;
  }

  #answering(account: Conversation, { message_reference: reference }: CreateMessage): Partial<APIMessage> {
    if (!reference) return {};
    const answered = account.messages.find((m) => m.id === reference.message_id);
    if (!answered && reference.fail_if_not_exists !== false)
      throw invalidForm('message_reference', 'Unknown message');
    if (!answered) return {};
    return {
      type: 19,
      message_reference: { type: 0, message_id: answered.id, channel_id: account.channelId },
      referenced_message: answered,
    };
  }

  #attach(given: CreateMessage, uploads: readonly Upload[]): APIAttachment[] {
    if (uploads.length > 10) throw invalidForm('attachments', 'Must be 10 or fewer in length.');
    return uploads.map((upload, index) => {
      if (upload.bytes.byteLength > maxUploadBytes)
        throw new ApiError(413, 40_005, 'Request entity too large');
      const id = this.snowflakes.next();
      this.files.set(id, upload);
      const described = given.attachments?.find((a) => String(a.id) === String(index));
      return {
        id,
        filename: described?.filename ?? upload.name,
        ...(described?.description ? { description: described.description } : {}),
        size: upload.bytes.byteLength,
        url: `https://cdn.example.org/${id}`,
        proxy_url: `https://cdn.example.org/${id}`,
      };
    });
  }

  #message(account: Conversation, author: APIUser, content: string, more: Partial<APIMessage>): APIMessage {
    const message: APIMessage = {
      id: this.snowflakes.next(),
      channel_id: account.channelId,
      author,
      content: content.trim(),
      timestamp: new Date(this.#options.now()).toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: 0,
      components: [],
    };
    return Object.assign(message, more);
  }

  #tell(message: APIMessage): void {
    const type = this.#options.channelType() ? { channel_type: 1 } : {};
    this.#options.dispatch('MESSAGE_CREATE', { ...message, ...type }, true);
  }
}

export function userOf(id: string, name: string, bot = false): APIUser {
  return {
    id,
    username: name.toLowerCase().replace(/[^a-z0-9._-]/g, ''),
    discriminator: '0',
    global_name: bot ? null : name,
    avatar: null,
    ...(bot ? { bot: true } : {}),
  };
}

function memberOf(user: APIUser, permissions = '0'): object {
  return {
    user,
    roles: [],
    permissions,
    joined_at: '2026-01-01T00:00:00.000Z',
    deaf: false,
    mute: false,
    flags: 0,
  };
}

function labelsIn(components: unknown): string[] {
  const rows = (components ?? []) as { components: { label?: string }[] }[];
  return rows.flatMap((row) => row.components.flatMap((c) => (c.label ? [c.label] : [])));
}
