import { setTimeout as delay } from 'node:timers/promises';
import type { APIMessage } from 'discord.js';
import type { SentMessage } from '../../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import type { OutboundMessage } from '../../../core/channels/outbound-message.ts';
import type { Language } from '../../../core/language.ts';
import type { DiscordTexts } from '../commands.ts';
import { isUnknownChannel, isUnknownMessage, ownLimitMs, toChannelError } from '../errors.ts';
import { type Outgoing, partsOf, renderEdits, renderSend } from '../render.ts';
import type { DiscordApi } from './api.ts';
import type { DirectMessages } from './direct-messages.ts';

type Texts = { readonly [L in Language]: DiscordTexts } | undefined;

/** A whole message, all its parts: shorter than the time after which a send counts as interrupted. */
const messagePatienceMs = 60_000;
/** A limit of one conversation alone is waited out here, when it is no longer: nobody else is held up. */
const ownLimitPatienceMs = 6000;
/** Before a message in doubt is sent once more: within minutes its nonce shows it once. */
const doubtPauseMs = 250;

/** Sends messages part by part, and edits them. Rejects with ChannelError. */
export class Sender {
  readonly #api: DiscordApi;
  readonly #directMessages: DirectMessages;
  readonly #texts: Texts;

  constructor(api: DiscordApi, directMessages: DirectMessages, texts: Texts) {
    this.#api = api;
    this.#directMessages = directMessages;
    this.#texts = texts;
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    const end = performance.now() + messagePatienceMs;
    const [first, ...others] = attempt(() =>
      renderSend(message, this.#texts?.[message.language].markSeveral),
    );
    if (!first) throw new ChannelError('Rejected', 'nothing to send');
    const { channelId, sent } = await this.#first(externalId, first);
    const shown = [sent];
    for (const part of others) shown.push(await this.#following(channelId, part, end));
    const ids = shown.map(({ externalMessageId }) => externalMessageId);
    return { externalMessageId: [ids.at(-1), ...ids.slice(0, -1)].join(' ') };
  }

  async edit(
    externalId: string,
    { externalMessageId }: SentMessage,
    message: OutboundMessage,
  ): Promise<void> {
    const [last = '', ...before] = partsOf(externalMessageId);
    const shown = [...before, last];
    const markSeveral = this.#texts?.[message.language].markSeveral;
    const bodies = attempt(() => renderEdits(message, shown.length, markSeveral));
    const needless = shown.length - bodies.length;
    try {
      const channelId = await this.#directMessages.channelOf(externalId);
      for (const [n, id] of shown.entries()) {
        const path = `/channels/${channelId}/messages/${id}` as const;
        if (n < needless) await this.#remove(path);
        else await withinOwnLimit(() => this.#api.call('PATCH', path, { body: bodies[n - needless] }));
      }
    } catch (error) {
      throw toChannelError(error, 'other');
    }
  }

  /** Removed before: that is as good. */
  async #remove(path: `/${string}`): Promise<void> {
    await withinOwnLimit(() => this.#api.call('DELETE', path)).catch((error: unknown) => {
      if (!isUnknownMessage(error)) throw error;
    });
  }

  /** A channel that was remembered and is no more is opened once anew. */
  async #first(externalId: string, part: Outgoing): Promise<{ channelId: string; sent: SentMessage }> {
    for (let tries = 1; ; tries++) {
      const channelId = await this.#channelOf(externalId);
      try {
        return { channelId, sent: await this.#post(channelId, part) };
      } catch (error) {
        if (isUnknownChannel(error)) this.#directMessages.forget(externalId);
        if (!isUnknownChannel(error) || tries === 2) throw toChannelError(error, 'send');
      }
    }
  }

  async #channelOf(externalId: string): Promise<string> {
    try {
      return await withinOwnLimit(() => this.#directMessages.channelOf(externalId));
    } catch (error) {
      // Opening shows nobody anything: it may be repeated.
      throw toChannelError(error, 'other');
    }
  }

  /** A part after others that are shown already: waited for, since the whole cannot be sent again later. */
  async #following(channelId: string, part: Outgoing, end: number): Promise<SentMessage> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#post(channelId, part);
      } catch (cause) {
        const error = toChannelError(cause, 'send');
        const wait = error.retryAfterMs ?? 1000 * failures;
        if (error.code === 'RecipientGone') throw error;
        if (!error.retryable || performance.now() + wait > end) {
          throw new ChannelError('Unavailable', `only a part was sent: ${error.message}`, {
            maybeSent: true,
          });
        }
        await delay(wait);
      }
    }
  }

  async #post(channelId: string, part: Outgoing): Promise<SentMessage> {
    try {
      return await this.#once(channelId, part);
    } catch (error) {
      if (!toChannelError(error, 'send').maybeSent) throw error;
      await delay(doubtPauseMs);
      return this.#again(channelId, part);
    }
  }

  /** Whatever is answered now, the first time may have been taken. */
  async #again(channelId: string, part: Outgoing): Promise<SentMessage> {
    try {
      return await this.#once(channelId, part);
    } catch (cause) {
      throw new ChannelError('Unavailable', toChannelError(cause, 'send').message, { maybeSent: true });
    }
  }

  async #once(channelId: string, { body, files }: Outgoing): Promise<SentMessage> {
    const uploads = files.map(({ fileName, contentType, data }) => ({ name: fileName, contentType, data }));
    const path = `/channels/${channelId}/messages` as const;
    const sent = await withinOwnLimit(() =>
      this.#api.call<APIMessage>('POST', path, { body, files: uploads }),
    );
    if (typeof sent?.id === 'string') return { externalMessageId: sent.id };
    throw new ChannelError('Unavailable', 'unreadable answer', { maybeSent: true });
  }
}

/** Rendering refuses with RangeError what no message can carry. */
function attempt<T>(render: () => T): T {
  try {
    return render();
  } catch (error) {
    throw toChannelError(error, 'send');
  }
}

async function withinOwnLimit<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + ownLimitPatienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const wait = ownLimitMs(error);
      if (wait === null || performance.now() + wait > end) throw error;
      await delay(wait + 10);
    }
  }
}
