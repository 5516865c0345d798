import { setTimeout as delay } from 'node:timers/promises';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  ChannelEndpoint,
  ChannelHealth,
  SentMessage,
  TakeEvent,
} from '../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { isUnchanged, toChannelError } from './errors.ts';
import {
  maxStartPayload,
  messagesPerSecond,
  perAddressBurst,
  perAddressIntervalMs,
  perGroupIntervalMs,
} from './limits.ts';
import { messageNumber, renderEdit } from './render.ts';
import { type BotApi, openBotApi } from './transport/api.ts';
import { type Command, setUpBot } from './transport/bot-setup.ts';
import { Poller } from './transport/polling.ts';
import { Sender } from './transport/send.ts';
import { type PressAnswer, UpdateTaker } from './transport/updates.ts';
import { type Webhook, webhookEndpoint } from './transport/webhook.ts';

export interface TelegramOptions {
  readonly token: string;
  /** The Bot API server; the public one when absent. */
  readonly apiUrl?: string;
  /** Telegram calls us; it is polled when absent. */
  readonly webhook?: Webhook;
  /** The bot's menu, by language; names of [a-z0-9_]. */
  readonly commands?: { readonly [L in OutboundMessage['language']]?: readonly Command[] };
  /** More than 30 once the bot may send paid broadcasts. */
  readonly messagesPerSecond?: number;
  /** One line for the operator; never a token nor a person's text. */
  readonly log?: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds before the next try after so many failures in a row. */
  readonly backoffMs?: (failures: number) => number;
  readonly sendTimeoutMs?: number;
}

/** Longer than this a start does not wait for the platform; it goes on trying behind. */
const startPatienceMs = 5000;
/** What is in hand when closing has this long to finish. */
const closePatienceMs = 5000;

export class TelegramAdapter implements ChannelAdapter {
  readonly name = 'telegram';
  readonly capabilities: ChannelCapabilities;
  readonly endpoints: readonly ChannelEndpoint[];
  readonly receives: 'alone' | 'anywhere';
  readonly #options: TelegramOptions;
  readonly #api: BotApi;
  readonly #sender: Sender;
  readonly #sendTimeoutMs: number;
  readonly #closing = new AbortController();
  #taker: UpdateTaker | null = null;
  #poller: Poller | null = null;
  #health: ChannelHealth = { state: 'connecting' };
  #handle: string | null = null;

  constructor(options: TelegramOptions) {
    this.#options = options;
    this.#sendTimeoutMs = options.sendTimeoutMs ?? 30_000;
    this.#api = openBotApi(options.token, options.apiUrl ?? 'https://api.telegram.org');
    this.#sender = new Sender(this.#api, this.#sendTimeoutMs);
    this.capabilities = {
      edit: true,
      idempotentSend: false,
      messagesPerSecond: options.messagesPerSecond ?? messagesPerSecond,
      perAddressIntervalMs,
      commandPrefix: '/',
      directory: null,
      perAddressBurst,
      groups: { intervalMs: perGroupIntervalMs },
    };
    const { webhook, token } = options;
    this.receives = webhook ? 'anywhere' : 'alone';
    this.endpoints = webhook ? [webhookEndpoint(webhook, token, () => this.#takeOnce())] : [];
  }

  health(): ChannelHealth {
    return this.#handle === null ? this.#health : { ...this.#health, handle: this.#handle };
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    this.#taker = new UpdateTaker(this.#api, onEvent, (code) => this.invitationLink(code));
    const begun = this.#begin(this.#taker);
    await Promise.race([begun.firstTry, this.#pause(startPatienceMs)]);
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    return this.#sender.send(chatIdOf(externalId), message);
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    const { externalMessageId } = sent;
    const forget = () => this.#taker?.forget(externalId, messageNumber(externalMessageId));
    forget();
    try {
      const { method, payload } = renderEdit(chatIdOf(externalId), externalMessageId, message);
      await this.#api.call(method, payload, { timeoutMs: this.#sendTimeoutMs });
    } catch (error) {
      if (!isUnchanged(error)) throw toChannelError(error, 'other');
    } finally {
      forget();
    }
  }

  /** Telegram lists none: they become known as the bot is let in. */
  async groups(): Promise<null> {
    return null;
  }

  async findByEmail(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const finished = Promise.all([this.#poller?.stop(), this.#taker?.idle()]);
    await Promise.race([finished, delay(closePatienceMs, undefined, { ref: false })]);
    this.#taker = null;
    this.#health = { state: 'stopped' };
    this.#api.close();
  }

  invitationLink(code: string): string | null {
    if (this.#handle === null || code.length > maxStartPayload) return null;
    return `https://t.me/${this.#handle}?start=${encodeURIComponent(code)}`;
  }

  /** Introduces the bot, as often as it takes, then receives. `firstTry` resolves after the first attempt, however it went. */
  #begin(taker: UpdateTaker): { firstTry: Promise<void> } {
    const firstTry = this.#tryToBegin(taker);
    void firstTry.then(async (begun) => {
      for (let failures = 1; !begun && !this.#closing.signal.aborted; failures++) {
        await this.#pause(this.#backoffMs(failures));
        if (!this.#closing.signal.aborted) begun = await this.#tryToBegin(taker);
      }
    });
    return { firstTry: firstTry.then(() => undefined) };
  }

  async #tryToBegin(taker: UpdateTaker): Promise<boolean> {
    const { webhook, commands, log } = this.#options;
    const { signal } = this.#closing;
    try {
      this.#handle = await setUpBot(this.#api, {
        ...(webhook ? { webhook } : {}),
        commands: commands ?? {},
        signal,
        refused: (what, error) =>
          log?.('warn', `telegram: ${what}: ${toChannelError(error, 'other').message}`),
      });
    } catch (error) {
      this.#fail(error);
      return false;
    }
    if (signal.aborted) return true;
    this.#work();
    if (!webhook) this.#poll(taker);
    return true;
  }

  #poll(taker: UpdateTaker): void {
    this.#poller = new Poller(this.#api, taker, {
      working: () => this.#work(),
      failing: (error) => this.#fail(error),
      lost: (id) =>
        this.#options.log?.('warn', `telegram: update ${id} was refused until it had to be let go`),
      backoffMs: (failures) => this.#backoffMs(failures),
    });
    this.#poller.start();
  }

  #takeOnce(): ((raw: unknown, updateId: number) => Promise<PressAnswer | null>) | null {
    const taker = this.#taker;
    if (!taker) return null;
    return async (raw, id) => {
      let pressed: PressAnswer | null = null;
      await taker.take(
        raw,
        id,
        (work) => work(),
        (answer) => {
          pressed = answer;
        },
      );
      return pressed;
    };
  }

  #work(): void {
    if (this.#health.state === 'failing') this.#options.log?.('info', 'telegram: connected again');
    this.#health = { state: 'connected' };
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const named = toChannelError(error, 'other');
    const detail = explain(named);
    if (this.#health.detail !== detail) this.#options.log?.('warn', `telegram: ${detail}`);
    const cause = named.code === 'Misconfigured' ? { cause: 'credential' as const } : {};
    this.#health = { state: 'failing', detail, ...cause };
  }

  #backoffMs(failures: number): number {
    return this.#options.backoffMs?.(failures) ?? Math.min(1000 * 2 ** (failures - 1), 30_000);
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

function explain({ code, message }: ChannelError): string {
  if (code !== 'Misconfigured') return message;
  return message.startsWith('409')
    ? `another program receives this bot's messages (${message})`
    : `the bot's token was refused (${message})`;
}

function chatIdOf(externalId: string): number {
  const id = Number(externalId);
  if (Number.isSafeInteger(id) && id !== 0) return id;
  throw new ChannelError('Rejected', 'not a Telegram chat');
}
