import { setTimeout as delay } from 'node:timers/promises';
import type { SentMessage } from '../../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import type { Media, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { toChannelError } from '../errors.ts';
import { externalMessageId, type Outgoing, renderSend } from '../render.ts';
import type { BotApi } from './api.ts';

interface Sent {
  readonly message_id: number;
  readonly photo?: readonly { readonly file_id: string }[];
  readonly document?: { readonly file_id: string };
}

type MediaCall = Exclude<Outgoing, { method: 'sendMessage' }>;

/** A file the platform has already: the same picture to a thousand people is uploaded once. */
interface Known {
  readonly method: MediaCall['method'];
  readonly fileId: string;
}

const knownFiles = 200;
/** A whole message, all its parts: shorter than the time after which a send counts as interrupted. */
const messagePatienceMs = 90_000;
const largeBytes = 1024 * 1024;

/** Sends messages part by part. */
export class Sender {
  readonly #api: BotApi;
  readonly #timeoutMs: number;
  readonly #known = new Map<string, Known>();

  constructor(api: BotApi, timeoutMs: number) {
    this.#api = api;
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with ChannelError; `maybeSent` also when the first parts are shown and the rest could not follow. */
  async send(chatId: number, message: OutboundMessage): Promise<SentMessage> {
    const end = performance.now() + messagePatienceMs;
    let shown: SentMessage | null = null;
    for (const call of rendered(chatId, message)) {
      shown = shown ? await this.#following(call, end) : await this.#part(call);
    }
    if (!shown) throw new ChannelError('Rejected', 'nothing to send');
    return shown;
  }

  /** A part after others that are shown already: waited for, since the whole cannot be sent again. */
  async #following(call: Outgoing, end: number): Promise<SentMessage> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#part(call);
      } catch (error) {
        const { code, retryable, retryAfterMs, message } = toChannelError(error, 'send');
        if (code === 'RecipientGone') throw error;
        const wait = retryAfterMs ?? 1000 * failures;
        if (!retryable || performance.now() + wait > end) {
          throw new ChannelError('Unavailable', `only a part was sent: ${message}`, { maybeSent: true });
        }
        await delay(wait);
      }
    }
  }

  async #part(call: Outgoing): Promise<SentMessage> {
    try {
      if (call.method !== 'sendMessage') return await this.#file(call);
      const sent = await this.#api.call<Sent>(call.method, call.payload, { timeoutMs: this.#timeoutMs });
      return shownAs(sent, call.method);
    } catch (error) {
      throw toChannelError(error, 'send');
    }
  }

  async #file(call: MediaCall): Promise<SentMessage> {
    const known = this.#known.get(call.media.id);
    if (known) {
      try {
        return await this.#byReference(call, known);
      } catch (error) {
        if (toChannelError(error, 'send').code !== 'Rejected') throw error;
        this.#known.delete(call.media.id);
      }
    }
    try {
      return await this.#upload(call, call.method);
    } catch (error) {
      // Too wide, too many pixels, not really a picture: as a file it still arrives.
      if (call.method !== 'sendPhoto' || toChannelError(error, 'send').code !== 'Rejected') throw error;
      return this.#upload(call, 'sendDocument');
    }
  }

  async #byReference(call: MediaCall, { method, fileId }: Known): Promise<SentMessage> {
    const payload = { ...call.payload, [fieldOf(method)]: fileId };
    return shownAs(await this.#api.call<Sent>(method, payload, { timeoutMs: this.#timeoutMs }), method);
  }

  async #upload({ payload, media }: MediaCall, method: MediaCall['method']): Promise<SentMessage> {
    const { buffer, byteOffset, byteLength } = media.data;
    const file = { source: Buffer.from(buffer, byteOffset, byteLength), filename: media.fileName };
    const timeoutMs = byteLength > largeBytes ? this.#timeoutMs * 2 : this.#timeoutMs;
    const sent = await this.#api.upload<Sent>(method, payload, fieldOf(method), file, { timeoutMs });
    this.#remember(media, method, sent);
    return shownAs(sent, method);
  }

  #remember(media: Media, method: MediaCall['method'], sent: Sent): void {
    const fileId = method === 'sendPhoto' ? sent.photo?.at(-1)?.file_id : sent.document?.file_id;
    if (!fileId) return;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= knownFiles && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(media.id, { method, fileId });
  }
}

const fieldOf = (method: MediaCall['method']) => (method === 'sendPhoto' ? 'photo' : 'document');

function rendered(chatId: number, message: OutboundMessage): Outgoing[] {
  try {
    return renderSend(chatId, message);
  } catch (error) {
    throw toChannelError(error, 'send');
  }
}

function shownAs(sent: Sent, method: Outgoing['method']): SentMessage {
  if (Number.isSafeInteger(sent?.message_id)) {
    return { externalMessageId: externalMessageId(sent.message_id, method) };
  }
  throw new ChannelError('Unavailable', 'unreadable answer', { maybeSent: true });
}
