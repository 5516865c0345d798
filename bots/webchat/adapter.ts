import type {
  ChannelAdapter,
  ChannelCapabilities,
  ChannelHealth,
  SentMessage,
  TakeEvent,
} from '../../core/channels/channel-adapter.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { toChannelError } from './errors.ts';
import { type Posted, parse } from './parse.ts';
import { type RenderedMessage, render } from './render.ts';

/** The platform behind the web chat, as the adapter needs it: a transcript per address, and what pages post. */
export interface WebchatPlatform {
  /** Adds what Wici says. The same id again changes nothing. */
  append(externalId: string, id: string, message: RenderedMessage): Promise<void>;
  /** Shows `message` in place of what stands under `id`. The same content again changes nothing. */
  edit(externalId: string, id: string, message: RenderedMessage): Promise<void>;
  /**
   * Posts are handed to `take` until the returned function is called, those of one address in order. The page is told
   * "sent" when it resolves; while nobody listens, posts are refused and the page offers to try again.
   * The returned function resolves once the posts in hand are done.
   */
  listen(take: (externalId: string, posted: Posted) => Promise<void>): () => Promise<void>;
}

export const webchatCapabilities: ChannelCapabilities = {
  edit: true,
  idempotentSend: true,
  messagesPerSecond: 0,
  perAddressIntervalMs: 0,
  commandPrefix: '/',
  directory: null,
  groups: null,
};

/** The web chat: a messenger whose platform is our own pages. */
export class WebchatAdapter implements ChannelAdapter {
  readonly name = 'webchat';
  readonly capabilities = webchatCapabilities;
  readonly endpoints = [];
  readonly receives = 'anywhere';
  readonly #platform: WebchatPlatform;
  readonly #address: string;
  #state: ChannelHealth['state'] = 'stopped';
  #stop: () => Promise<void> = async () => undefined;

  /** `address`: where people reach Wici in a browser, "https://wici.example.org". */
  constructor(platform: WebchatPlatform, address: string) {
    this.#platform = platform;
    this.#address = address;
  }

  health(): ChannelHealth {
    return { state: this.#state };
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    await this.#stop();
    this.#stop = this.#platform.listen(async (externalId, posted) => {
      await onEvent(parse(externalId, posted));
    });
    this.#state = 'connected';
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    await guarded(() => this.#platform.append(externalId, message.deliveryId, render(message)));
    return { externalMessageId: message.deliveryId };
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    await guarded(() => this.#platform.edit(externalId, sent.externalMessageId, render(message)));
  }

  /** A page in a browser is one person's. */
  async groups(): Promise<null> {
    return null;
  }

  async findByEmail(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#state = 'stopped';
    await this.#stop();
    this.#stop = async () => undefined;
  }

  invitationLink(code: string): string {
    return `${this.#address.replace(/\/+$/, '')}/chat?i=${encodeURIComponent(code)}`;
  }
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw toChannelError(error);
  }
}
