import { setTimeout as delay } from 'node:timers/promises';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  ChannelHealth,
  SentMessage,
  TakeEvent,
} from '../../core/channels/channel-adapter.ts';
import type { Group } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';
import { commandBodies, type DiscordCommand, type DiscordTexts } from './commands.ts';
import { toChannelError } from './errors.ts';
import { messagesPerSecond, openingIntervalMs, perAddressBurst, perAddressIntervalMs } from './limits.ts';
import { Answerer } from './transport/answer.ts';
import { type DiscordApi, openDiscordApi } from './transport/api.ts';
import { type DirectMessageMemory, DirectMessages } from './transport/direct-messages.ts';
import { Gateway } from './transport/gateway.ts';
import { Intake } from './transport/intake.ts';
import { Sender } from './transport/send.ts';

export interface DiscordOptions {
  readonly token: string;
  /** The REST server; the public one when absent. */
  readonly apiUrl?: string;
  /** The slash commands, in both languages. */
  readonly commands?: readonly DiscordCommand[];
  /** What is said where no conversation is; without it nothing is said there and `/wici setup` is not offered. */
  readonly texts?: { readonly [L in Language]: DiscordTexts };
  /** How far each conversation was read, kept over a restart. */
  readonly memory?: DirectMessageMemory;
  /** One line for the operator; never a token nor a person's text. */
  readonly log?: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds before the next try after so many failures in a row. */
  readonly backoffMs?: (failures: number) => number;
  readonly sendTimeoutMs?: number;
  /** Milliseconds between two conversations opened by us. */
  readonly openingIntervalMs?: number;
}

/** Longer than this a start does not wait for the platform; it goes on trying behind. */
const startPatienceMs = 5000;
/** What is in hand when closing has this long to finish. */
const closePatienceMs = 5000;

export class DiscordAdapter implements ChannelAdapter {
  readonly name = 'discord';
  readonly capabilities: ChannelCapabilities = {
    edit: true,
    // A nonce holds for minutes only: enough for the second try of one send (transport/send.ts), not for a restart.
    idempotentSend: false,
    messagesPerSecond,
    perAddressIntervalMs,
    commandPrefix: '/',
    codeIsTyped: true,
    directory: null,
    perAddressBurst,
    groups: { intervalMs: perAddressIntervalMs },
  };
  readonly endpoints = [];
  readonly receives = 'alone';
  readonly #options: DiscordOptions;
  readonly #api: DiscordApi;
  readonly #directMessages: DirectMessages;
  readonly #answerer: Answerer;
  readonly #sender: Sender;
  #gateway: Gateway | null = null;
  #intake: Intake | null = null;
  #health: ChannelHealth = { state: 'connecting' };
  #bot: { readonly id: string; readonly username: string } | null = null;
  #commandsWritten = false;
  #closed = false;

  constructor(options: DiscordOptions) {
    this.#options = options;
    const { token, apiUrl = 'https://discord.com/api', sendTimeoutMs = 15_000, texts, memory } = options;
    this.#api = openDiscordApi(token, apiUrl, sendTimeoutMs);
    const interval = options.openingIntervalMs ?? openingIntervalMs;
    this.#directMessages = new DirectMessages(this.#api, interval, memory);
    this.#answerer = new Answerer(this.#api, texts, (code) => this.invitationLink(code));
    this.#sender = new Sender(this.#api, this.#directMessages, texts);
  }

  health(): ChannelHealth {
    return this.#bot ? { ...this.#health, handle: this.#bot.username } : this.#health;
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    await this.#directMessages.load().catch(() => this.#warn('what was read last is not known'));
    const backoffMs = (failures: number) => this.#backoffMs(failures);
    const intake = new Intake(this.#api, this.#directMessages, this.#answerer, {
      onEvent,
      backoffMs,
      missed: (detail) => this.#warn(`a conversation could not be read back: ${detail}`),
    });
    this.#intake = intake;
    await new Promise<void>((settled) => {
      this.#gateway = new Gateway(this.#options.token, this.#api.restOptions, {
        ready: (bot, applicationId) => {
          this.#begin(bot, applicationId, intake);
          settled();
        },
        resumed: () => this.#work(),
        packet: (type, data) => intake.take(type, data),
        failing: (detail) => {
          this.#fail('failing', detail);
          settled();
        },
        stopped: (detail, cause) => {
          this.#fail('stopped', detail, cause);
          settled();
        },
        backoffMs,
      });
      void this.#gateway.start().then(settled);
      void delay(startPatienceMs, undefined, { ref: false }).then(settled);
    });
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    try {
      return await this.#sender.send(externalId, message);
    } catch (error) {
      const named = toChannelError(error, 'send');
      if (named.code === 'RecipientGone') this.#answerer.unreachable(externalId);
      throw named;
    }
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    await this.#sender.edit(externalId, sent, message);
  }

  async groups(): Promise<readonly Group[] | null> {
    return this.#gateway?.groups() ?? null;
  }

  async findByEmail(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const finished = Promise.all([this.#gateway?.stop(), this.#intake?.stop()]);
    await Promise.race([finished, delay(closePatienceMs, undefined, { ref: false })]);
    this.#health = { state: 'stopped' };
    this.#api.close();
  }

  /**
   * Discord has no address that opens a conversation with words in it: the link shows the bot, and the code behind the #
   * is what the person writes to it.
   */
  invitationLink(code: string): string | null {
    return this.#bot && `https://discord.com/users/${this.#bot.id}#${encodeURIComponent(code)}`;
  }

  #begin(
    bot: { readonly id: string; readonly username: string },
    applicationId: string,
    intake: Intake,
  ): void {
    this.#bot = { id: bot.id, username: bot.username };
    this.#answerer.introduce(applicationId);
    this.#work();
    intake.readBack();
    void this.#writeCommands(applicationId);
  }

  /** Once a start: the platform counts how often commands are written. */
  async #writeCommands(applicationId: string): Promise<void> {
    const { commands = [], texts } = this.#options;
    const body = commandBodies(commands, texts);
    if (this.#commandsWritten || body.length === 0) return;
    this.#commandsWritten = true;
    try {
      await this.#api.call('PUT', `/applications/${applicationId}/commands`, { body });
    } catch (error) {
      this.#commandsWritten = false;
      this.#warn(`commands: ${toChannelError(error, 'other').message}`);
    }
  }

  #work(): void {
    if (this.#closed) return;
    if (this.#health.state === 'failing') this.#options.log?.('info', 'discord: connected again');
    this.#health = { state: 'connected' };
  }

  #fail(state: 'failing' | 'stopped', detail: string, cause?: ChannelHealth['cause']): void {
    if (this.#closed) return;
    if (this.#health.detail !== detail) this.#warn(detail);
    this.#health = { state, detail, ...(cause ? { cause } : {}) };
  }

  #warn(line: string): void {
    this.#options.log?.('warn', `discord: ${line}`);
  }

  #backoffMs(failures: number): number {
    return this.#options.backoffMs?.(failures) ?? Math.min(1000 * 2 ** (failures - 1), 30_000);
  }
}
