import { setTimeout as delay } from 'node:timers/promises';
import type { APIDMChannel } from 'discord.js';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import { channelAddress, snowflake } from '../limits.ts';
import type { DiscordApi } from './api.ts';

/** One person's direct messages and how far they were read: what was written while nobody listened is after that. */
export interface DirectMessageMark {
  /** The person's user id. */
  readonly externalId: string;
  readonly channelId: string;
  /** The newest message taken, or known before any was. */
  readonly lastMessageId: string;
}

/** Keeps marks over a restart; without it those of this run count. */
export interface DirectMessageMemory {
  load(): Promise<readonly DirectMessageMark[]>;
  save(mark: DirectMessageMark): Promise<void>;
}

/** The conversations known, opened as needed, one after another: Discord takes offence at many in a row. */
export class DirectMessages {
  readonly #api: DiscordApi;
  readonly #intervalMs: number;
  readonly #memory: DirectMessageMemory | undefined;
  readonly #marks = new Map<string, DirectMessageMark>();
  readonly #taken = new Map<string, string>();
  readonly #opening = new Map<string, Promise<string>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(api: DiscordApi, intervalMs: number, memory?: DirectMessageMemory) {
    this.#api = api;
    this.#intervalMs = intervalMs;
    this.#memory = memory;
  }

  async load(): Promise<void> {
    for (const mark of (await this.#memory?.load()) ?? []) {
      if (!this.#marks.has(mark.externalId)) this.#marks.set(mark.externalId, mark);
    }
  }

  get known(): readonly DirectMessageMark[] {
    return [...this.#marks.values()];
  }

  /** The person's channel, or that of a server. Rejects with ChannelError for what is neither, else as the API does. */
  async channelOf(externalId: string): Promise<string> {
    const shared = channelAddress.exec(externalId)?.[1];
    if (shared !== undefined) return shared;
    if (!snowflake.test(externalId)) throw new ChannelError('Rejected', 'not a Discord user');
    const known = this.#marks.get(externalId)?.channelId ?? this.#opening.get(externalId);
    return known ?? this.#open(externalId);
  }

  /** The channel is no longer there: the next message opens it anew. */
  forget(externalId: string): void {
    this.#marks.delete(externalId);
  }

  /** Whether that message was taken in this run already: live and read back it is the same. */
  isTaken(externalId: string, messageId: string): boolean {
    const last = this.#taken.get(externalId);
    return last !== undefined && !isNewer(messageId, last);
  }

  /** The person's messages are taken up to this one. */
  took(externalId: string, channelId: string, messageId: string): void {
    if (!this.isTaken(externalId, messageId)) this.#taken.set(externalId, messageId);
    const before = this.#marks.get(externalId);
    if (before?.channelId === channelId && !isNewer(messageId, before.lastMessageId)) return;
    this.#mark({ externalId, channelId, lastMessageId: messageId });
  }

  #mark(mark: DirectMessageMark): void {
    this.#marks.set(mark.externalId, mark);
    // Marks only save work: an older one makes more to be read back, which is known by its ids.
    void this.#memory?.save(mark).catch(() => undefined);
  }

  #open(externalId: string): Promise<string> {
    const opened = this.#turn
      .then(() =>
        this.#api.call<APIDMChannel>('POST', '/users/@me/channels', { body: { recipient_id: externalId } }),
      )
      .then(({ id, last_message_id: last }) => {
        if (!this.#marks.has(externalId)) {
          this.#mark({ externalId, channelId: id, lastMessageId: last ?? '0' });
        }
        return id;
      })
      .finally(() => this.#opening.delete(externalId));
    this.#opening.set(externalId, opened);
    const wait = () => delay(this.#intervalMs, undefined, { ref: false });
    this.#turn = opened.then(wait, wait);
    return opened;
  }
}

function isNewer(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}
