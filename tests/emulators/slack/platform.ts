import { wordsOf } from './blocks.ts';
import { refused, SlackError } from './failures.ts';
import { type Fields, type Method, readFields } from './fields.ts';
import { Windows } from './tiers.ts';
import { type Message, type StoredFile, type User, Workspace } from './workspace.ts';

export interface Rates {
  /** Messages a second to one conversation. */
  readonly perConversationPerSecond: number;
  /** Messages a minute in the workspace. */
  readonly perMinute: number;
  readonly retryAfter: number;
}

export interface PlatformOptions {
  readonly now: () => number;
  readonly rates: Rates | null;
  /** A completed picture can be shown this much later. */
  readonly pictureReadyMs: number;
  /** Where files are sent to. */
  uploadUrl(id: string): string;
  /** The app's own messages come back to it as events. */
  echo(message: Message, subtype: string | null): void;
  socketUrl(): string;
}

type Answer = Record<string, unknown>;
type Handlers = { readonly [M in Method]: (fields: Fields<M>) => Answer };

/** The Web API: what each method does to the workspace. */
export class Platform {
  readonly workspace: Workspace;
  readonly #options: PlatformOptions;
  readonly #windows: Windows;

  constructor(options: PlatformOptions) {
    this.#options = options;
    this.workspace = new Workspace(options.now);
    this.#windows = new Windows(options.now);
  }

  call(method: Method, form: Record<string, string>): Answer {
    const { rates } = this.#options;
    if (rates) this.#windows.method(method, rates.retryAfter);
    const handle = this.#handlers[method] as (fields: unknown) => Answer;
    return handle(readFields(method, form));
  }

  /** The bytes of a file for which an address was given out. */
  upload(id: string, bytes: Uint8Array): void {
    const file = this.workspace.files.get(id);
    if (!file || file.bytes) throw new SlackError('file_not_found');
    if (bytes.byteLength !== file.length) throw new SlackError('length_mismatch');
    file.bytes = bytes;
  }

  readonly #handlers: Handlers = {
    'auth.test': () => {
      const { team, bot } = this.workspace;
      return {
        url: 'https://standin.slack.com/',
        team: 'Stand-in',
        user: bot.name,
        team_id: team,
        user_id: bot.user,
        bot_id: bot.id,
      };
    },
    'bots.info': ({ bot: id }) => {
      const { bot } = this.workspace;
      if (id !== bot.id) throw new SlackError('bot_not_found');
      return { bot: { id, deleted: false, name: bot.name, app_id: bot.app, user_id: bot.user } };
    },
    'apps.connections.open': () => ({ url: this.#options.socketUrl() }),
    'conversations.open': ({ users }) => ({ channel: { id: this.#one(users).conversation } }),
    'chat.postMessage': (fields) => this.#post(fields),
    'chat.update': (fields) => this.#update(fields),
    'chat.postEphemeral': ({ channel, user, text = '', blocks = [] }) => {
      if (!this.workspace.rooms.has(channel)) throw new SlackError('channel_not_found');
      if (text === '' && blocks.length === 0) throw new SlackError('no_text');
      this.workspace.writable(channel);
      if (!this.workspace.users.has(user)) throw new SlackError('user_not_in_channel');
      const words = wordsOf(blocks).join('\n') || text;
      this.workspace.asides.push({ channel, user, words });
      return { message_ts: `${Math.floor(this.workspace.now / 1000)}.000000` };
    },
    'users.conversations': ({
      types = 'public_channel',
      exclude_archived: live,
      limit = 100,
      cursor = '0',
    }) => {
      if (!types.includes('channel')) return { channels: [] };
      const rooms = [...this.workspace.rooms.values()].filter((r) => r.member && !(live && r.archived));
      const [from, to] = [Number(cursor), Number(cursor) + limit];
      const channels = rooms.slice(from, to).map(({ id, name, archived }) => ({
        ...{ id, name, is_channel: true, is_private: false, is_archived: archived, is_member: true },
      }));
      return { channels, response_metadata: { next_cursor: to < rooms.length ? String(to) : '' } };
    },
    'views.open': ({ trigger_id, view }) => ({
      view: { ...view, id: this.workspace.openView(trigger_id, view) },
    }),
    'views.publish': ({ user_id, view, hash }) => {
      const { id, hash: now } = this.workspace.publish(user_id, view, hash);
      return { view: { ...view, id, hash: now } };
    },
    'users.lookupByEmail': ({ email }) => {
      const found = [...this.workspace.users.values()].find(
        (user) => user.email?.toLowerCase() === email.toLowerCase() && !user.deleted,
      );
      if (!found) throw new SlackError('users_not_found');
      const { id, name, deleted } = found;
      return { user: { id, deleted, is_bot: false, real_name: name, profile: { display_name: '', email } } };
    },
    'users.info': ({ user, include_locale }) => {
      const found = this.workspace.users.get(user);
      if (!found) throw new SlackError('user_not_found');
      const { id, name, locale, deleted } = found;
      return {
        user: {
          id,
          deleted,
          is_bot: false,
          real_name: name,
          profile: { display_name: '', real_name: name },
          ...(include_locale ? { locale } : {}),
        },
      };
    },
    'files.getUploadURLExternal': ({ filename, length }) => {
      const id = this.workspace.id('F');
      this.workspace.files.set(id, { id, name: filename, length, bytes: null, title: null, readyAt: null });
      return { upload_url: this.#options.uploadUrl(id), file_id: id };
    },
    'files.completeUploadExternal': (fields) => this.#complete(fields),
  };

  #one(users: string): User {
    const [id = '', ...others] = users.split(',');
    if (others.length > 0) throw new SlackError('not_implemented');
    const user = this.workspace.users.get(id);
    if (!user) throw new SlackError('user_not_found');
    if (user.deleted) throw new SlackError('user_disabled');
    return user;
  }

  #post({
    channel,
    text = '',
    blocks = [],
    thread_ts: thread,
    metadata,
  }: Fields<'chat.postMessage'>): Answer {
    if (text === '' && blocks.length === 0) throw new SlackError('no_text');
    const conversation = this.workspace.writable(channel);
    this.#count(conversation);
    this.#checkPictures(blocks);
    this.#checkThread(conversation, thread);
    const message = this.workspace.addMessage({
      channel: conversation,
      from: 'bot',
      text,
      blocks,
      thread: thread ?? null,
      metadata,
    });
    this.#options.echo(message, null);
    return { channel: conversation, ts: message.ts, message: { text, blocks, ts: message.ts } };
  }

  #update({ channel, ts, text = '', blocks = [] }: Fields<'chat.update'>): Answer {
    if (text === '' && blocks.length === 0) throw new SlackError('no_text');
    this.workspace.writable(channel);
    const message = this.workspace.find(channel, ts);
    if (!message) throw new SlackError('message_not_found');
    if (message.from !== 'bot') throw new SlackError('cant_update_message');
    this.#checkPictures(blocks);
    Object.assign(message, { text, blocks, edits: message.edits + 1 });
    this.#options.echo(message, 'message_changed');
    return { channel, ts, text };
  }

  #complete({
    files,
    channel_id: channel,
    thread_ts: thread,
  }: Fields<'files.completeUploadExternal'>): Answer {
    const found = files.map(({ id, title }) => {
      const file = this.workspace.files.get(id);
      if (!file?.bytes || file.readyAt !== null) throw new SlackError('file_not_found');
      return Object.assign(file, { title: title ?? file.name });
    });
    if (channel !== undefined) this.#checkThread(this.workspace.writable(channel), thread);
    for (const file of found) file.readyAt = this.#options.now() + this.#options.pictureReadyMs;
    if (channel !== undefined) this.#shareFiles(channel, found, thread);
    return { files: found.map(({ id, title }) => ({ id, title })) };
  }

  #checkThread(conversation: string, thread: string | undefined): void {
    if (thread !== undefined && !this.workspace.find(conversation, thread))
      throw new SlackError('thread_not_found');
  }

  #shareFiles(channel: string, files: readonly StoredFile[], thread: string | undefined): void {
    const shared = { channel, from: 'bot' as const, text: '', blocks: [], files, thread: thread ?? null };
    this.#options.echo(this.workspace.addMessage(shared), 'file_share');
  }

  #checkPictures(blocks: Message['blocks']): void {
    for (const block of blocks) {
      if (block.type !== 'image') continue;
      const file = this.workspace.files.get(block.slack_file.id ?? '');
      const ready =
        file?.readyAt !== undefined && file.readyAt !== null && file.readyAt <= this.#options.now();
      if (!file?.bytes || !ready) throw refused('invalid_blocks', 'invalid slack file');
      if (!isPicture(file.bytes)) throw refused('invalid_blocks', 'invalid slack file: not a picture');
    }
  }

  #count(conversation: string): void {
    const { rates } = this.#options;
    if (!rates) return;
    const windows = [
      { key: conversation, ms: 1000, limit: rates.perConversationPerSecond },
      { key: 'all', ms: 60_000, limit: rates.perMinute },
    ];
    this.#windows.take(windows, rates.retryAfter);
  }
}

function isPicture([a, b]: Uint8Array): boolean {
  return (a === 0x89 && b === 0x50) || (a === 0xff && b === 0xd8) || (a === 0x47 && b === 0x49);
}
