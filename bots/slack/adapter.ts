import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  ChannelEndpoint,
  ChannelHealth,
  Listed,
  SentMessage,
  TakeEvent,
} from '../../core/channels/channel-adapter.ts';
import type { ChannelError } from '../../core/channels/channel-error.ts';
import type { Group } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { toChannelError } from './errors.ts';
import {
  editsPerMinute,
  lookupsPerMinute,
  messagesPerSecond,
  perAddressIntervalMs,
  slashCommandName,
} from './limits.ts';
import { Channels } from './transport/channels.ts';
import { DeliveryTaker } from './transport/deliveries.ts';
import { Homes } from './transport/homes.ts';
import { eventsEndpoint } from './transport/http.ts';
import { People } from './transport/people.ts';
import { Sender } from './transport/send.ts';
import { SocketLine } from './transport/socket.ts';
import { openWebApi } from './transport/web-api.ts';
import { type Self, whoAmI } from './transport/who-am-i.ts';

export interface SlackOptions {
  /** The bot's token, xoxb-…. */
  readonly token: string;
  /** Slack is listened to over a socket (app-level token, xapp-…), or calls us (signing secret). */
  readonly receiving: { readonly appToken: string } | { readonly signingSecret: string };
  /** The Web API; the public one when absent. */
  readonly apiUrl?: string;
  /** Whom Slack grants more it grants more edits too, by as much. */
  readonly messagesPerSecond?: number;
  /** One line for the operator; never a token nor a person's text. */
  readonly log?: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds before the next try after so many failures in a row. */
  readonly backoffMs?: (failures: number) => number;
  readonly sendTimeoutMs?: number;
  /** Without Slack's answer to a ping for this long the socket counts as dead. */
  readonly pongTimeoutMs?: number;
}

/** Longer than this a start does not wait for the platform; it goes on trying behind. */
const startPatienceMs = 5000;
/** What is in hand when closing has this long to finish. */
const closePatienceMs = 5000;
/** Asked while somebody's event waits: short, so that it is acknowledged in time all the same. */
const askTimeoutMs = 2000;

export class SlackAdapter implements ChannelAdapter {
  readonly name = 'slack';
  readonly capabilities: ChannelCapabilities;
  readonly endpoints: readonly ChannelEndpoint[];
  readonly receives: 'alone' | 'anywhere';
  readonly #options: SlackOptions;
  readonly #client: webApi.WebClient;
  readonly #asking: webApi.WebClient;
  readonly #people: People;
  readonly #channels: Channels;
  readonly #sender: Sender;
  readonly #homes: Homes;
  readonly #closing = new AbortController();
  #taker: DeliveryTaker | null = null;
  #socket: SocketLine | null = null;
  #health: ChannelHealth = { state: 'connecting' };
  #self: Self | null = null;

  constructor(options: SlackOptions) {
    this.#options = options;
    const { token, apiUrl = 'https://slack.com/api/', receiving, sendTimeoutMs = 30_000 } = options;
    this.#asking = openWebApi(token, apiUrl, askTimeoutMs);
    this.#client = openWebApi(token, apiUrl, sendTimeoutMs);
    this.#people = new People(this.#asking);
    this.#channels = new Channels(this.#asking, (code) => this.invitationLink(code));
    this.#homes = new Homes(this.#client);
    this.#sender = new Sender(this.#client, this.#people, sendTimeoutMs);
    const perSecond = options.messagesPerSecond ?? messagesPerSecond;
    this.capabilities = {
      edit: true,
      idempotentSend: false,
      messagesPerSecond: perSecond,
      editsPerMinute: (editsPerMinute * perSecond) / messagesPerSecond,
      perAddressIntervalMs,
      directory: { lookupsPerMinute },
      commandPrefix: `${slashCommandName} `,
      codeIsTyped: true,
      groups: { intervalMs: perAddressIntervalMs },
    };
    this.receives = 'signingSecret' in receiving ? 'anywhere' : 'alone';
    this.endpoints =
      'signingSecret' in receiving ? [eventsEndpoint(receiving.signingSecret, () => this.#takeOrNull())] : [];
  }

  health(): ChannelHealth {
    return this.#self === null ? this.#health : { ...this.#health, handle: this.#self.handle };
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    const firstTry = this.#tryToBegin(onEvent);
    void firstTry.then(async (begun) => {
      for (let failures = 1; !begun && !this.#closing.signal.aborted; failures++) {
        await this.#pause(this.#backoffMs(failures));
        if (!this.#closing.signal.aborted) begun = await this.#tryToBegin(onEvent);
      }
    });
    await Promise.race([firstTry, this.#pause(startPatienceMs)]);
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    return message.home ? this.#homes.show(externalId, message) : this.#sender.send(externalId, message);
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    if (message.home) await this.#homes.show(externalId, message);
    else await this.#sender.edit(sent, message);
  }

  async groups(): Promise<readonly Group[] | null> {
    try {
      return await this.#channels.list();
    } catch (error) {
      const { message } = toChannelError(error, 'other');
      this.#options.log?.('warn', `slack: the channels could not be listed: ${message}`);
      return null;
    }
  }

  async findByEmail(email: string): Promise<Listed | null> {
    try {
      return await this.#people.byEmail(email);
    } catch (error) {
      throw toChannelError(error, 'other');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.race([this.#taker?.close(), delay(closePatienceMs, undefined, { ref: false })]);
    this.#taker = null;
    // What was just taken is acknowledged before the line is cut.
    await nextTurn();
    await this.#socket?.stop();
    this.#health = { state: 'stopped' };
  }

  /**
   * Opens the conversation with the app. Slack has no way to hand a code over: it stands behind the address, where it goes to
   * nobody, and the person types it as their first message.
   */
  invitationLink(code: string): string | null {
    if (!this.#self?.appId) return null;
    const { appId, teamId } = this.#self;
    return `https://slack.com/app_redirect?app=${appId}&team=${teamId}#${encodeURIComponent(code)}`;
  }

  /** Asks who we are, as often as it takes, then receives: what comes before that cannot be told from our own messages. */
  async #tryToBegin(onEvent: TakeEvent): Promise<boolean> {
    try {
      this.#self = await whoAmI(this.#client);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    if (this.#closing.signal.aborted) return true;
    this.#taker = new DeliveryTaker(this.#self.userId, {
      onEvent,
      profile: (user) => this.#people.profile(user),
      learn: (user, conversation) => this.#people.learn(user, conversation),
      openWindow: async (trigger_id, view) => void (await this.#asking.views.open({ trigger_id, view })),
      find: (group) => this.#channels.find(group),
      tell: (channel, user, aside) => this.#channels.tell(channel, user, aside),
      said: (aside) => ({ response_type: 'ephemeral', ...this.#channels.words(aside) }),
      rateLimited: () =>
        this.#options.log?.('warn', 'slack: events are held back, more than 30,000 in an hour'),
      backoffMs: (failures) => this.#backoffMs(failures),
    });
    if ('appToken' in this.#options.receiving) await this.#listen(this.#options.receiving.appToken);
    else this.#work();
    return true;
  }

  async #listen(appToken: string): Promise<void> {
    const { apiUrl = 'https://slack.com/api/', pongTimeoutMs } = this.#options;
    const patience = pongTimeoutMs ? { pongTimeoutMs } : {};
    this.#socket = new SocketLine(
      { appToken, apiUrl, ...patience },
      {
        take: (body) => this.#takeOrNull()?.(body) ?? Promise.reject(new Error('closed')),
        working: () => this.#work(),
        failing: (error) => this.#fail(error),
        backoffMs: (failures) => this.#backoffMs(failures),
      },
    );
    await this.#socket.start();
  }

  #takeOrNull(): ((body: unknown) => Promise<object | undefined>) | null {
    const taker = this.#taker;
    return taker && ((body) => taker.take(body));
  }

  #work(): void {
    if (this.#health.state === 'failing') this.#options.log?.('info', 'slack: connected again');
    this.#health = { state: 'connected' };
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const named = toChannelError(error, 'other');
    const detail = explain(named);
    if (this.#health.detail !== detail) this.#options.log?.('warn', `slack: ${detail}`);
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
  return code === 'Misconfigured' ? `a token or a setting of the app was refused (${message})` : message;
}
