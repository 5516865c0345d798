import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { APIUser, Guild, RESTOptions } from 'discord.js';
import {
  ChannelType,
  Client,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  PermissionFlagsBits,
} from 'discord.js';
import type { ChannelHealth } from '../../../core/channels/channel-adapter.ts';
import type { Group } from '../../../core/channels/inbound-event.ts';
import { toChannelError } from '../errors.ts';

/** What the gateway says: a dispatch's type and data. */
export interface Packet {
  t: string | null;
  readonly d: unknown;
}

export interface GatewayHooks {
  /** A new session begins: what was said since the last one is not repeated. */
  ready(bot: { readonly id: string; readonly username: string }, applicationId: string): void;
  /** The session goes on; what was missed is repeated. */
  resumed(): void;
  packet(type: string, data: unknown): void;
  failing(detail: string): void;
  /** Nothing but the operator can help: no further attempt is made. */
  stopped(detail: string, cause?: ChannelHealth['cause']): void;
  /** Milliseconds before the next try after `failures` in a row. */
  backoffMs(failures: number): number;
}

/** Closings after which trying again is useless, and what the operator is to do. */
const hopeless: { readonly [code: number]: string } = {
  [GatewayCloseCodes.AuthenticationFailed]:
    "the bot's token was refused (4004): set a new one from the developer portal",
  [GatewayCloseCodes.InvalidShard]: 'the gateway refused the connection (4010)',
  [GatewayCloseCodes.ShardingRequired]: 'the bot is in too many servers for one connection (4011)',
  [GatewayCloseCodes.InvalidAPIVersion]: 'the gateway no longer knows this version (4012)',
  [GatewayCloseCodes.InvalidIntents]: 'the gateway does not know an intent (4013)',
  [GatewayCloseCodes.DisallowedIntents]:
    'the bot may not use an intent (4014): allow it in the developer portal under Bot',
};

const causes: { readonly [code: number]: NonNullable<ChannelHealth['cause']> } = {
  [GatewayCloseCodes.AuthenticationFailed]: 'credential',
  [GatewayCloseCodes.DisallowedIntents]: 'permission',
};

/** What we read ourselves. */
const ours = new Set(['MESSAGE_CREATE', 'INTERACTION_CREATE']);

/** discord.js's client, used for its gateway alone, made anew as often as a first connection takes. */
export class Gateway {
  readonly #token: string;
  readonly #rest: Partial<RESTOptions>;
  readonly #hooks: GatewayHooks;
  readonly #stopping = new AbortController();
  readonly #stopped = once(this.#stopping.signal, 'abort');
  #client: Client | null = null;
  #hopeless = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(token: string, rest: Partial<RESTOptions>, hooks: GatewayHooks) {
    this.#token = token;
    this.#rest = rest;
    this.#hooks = hooks;
  }

  /** Resolves after the first attempt, however it went. */
  start(): Promise<void> {
    const first = this.#tryToConnect();
    this.#loop = first.then((settled) => this.#goOn(settled));
    return first.then(() => undefined);
  }

  /**
   * The servers' channels of text the bot may write in, as the gateway keeps them up to date; null while it does not, or a
   * server is away: its channels are not gone.
   */
  groups(): Group[] | null {
    if (!this.#client?.isReady()) return null;
    const servers = [...this.#client.guilds.cache.values()];
    return servers.every((server) => server.available) ? servers.flatMap(groupsOf) : null;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const ended = this.#end(this.#client).then(() => this.#loop);
    await Promise.race([ended, delay(1000, undefined, { ref: false })]);
  }

  async #goOn(settled: boolean): Promise<void> {
    for (let failures = 1; !settled && !this.#stopping.signal.aborted; failures++) {
      const { signal } = this.#stopping;
      await delay(this.#hooks.backoffMs(failures), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) settled = await this.#tryToConnect();
    }
  }

  /** True when nothing is left to try: connected (the library reconnects by itself) or hopeless. */
  async #tryToConnect(): Promise<boolean> {
    const client = this.#build();
    this.#client = client;
    try {
      // A client destroyed in the middle of its login never settles that login.
      await Promise.race([client.login(this.#token), this.#stopped]);
      return true;
    } catch (error) {
      if (this.#stopping.signal.aborted || this.#hopeless) return true;
      if (isTokenInvalid(error)) {
        this.#giveUp(
          "the bot's token was refused (401): set a new one from the developer portal",
          'credential',
        );
        return true;
      }
      this.#hooks.failing(toChannelError(error, 'other').message);
      return false;
    }
  }

  #build(): Client {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.DirectMessages],
      rest: this.#rest,
      makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0 }),
    });
    client.on(Events.Raw, (packet: Packet) => this.#read(packet));
    client.on(Events.ShardReconnecting, () =>
      this.#hooks.failing('the connection was lost and is made anew'),
    );
    client.on(Events.ShardDisconnect, ({ code }) => {
      this.#giveUp(hopeless[code] ?? `the gateway closed the connection (${code})`, causes[code]);
    });
    client.on(Events.Error, () => undefined);
    return client;
  }

  /**
   * Read before the library does, and kept from it: it drops direct messages that do not name their channel's type, and
   * what it cannot read it throws where nobody catches it.
   */
  #read(packet: Packet): void {
    const { t: type, d: data } = packet;
    if (this.#stopping.signal.aborted) return;
    if (type === 'READY') {
      const { user, application } = data as { user: APIUser; application: { id: string } };
      this.#hooks.ready(user, application.id);
    } else if (type === 'RESUMED') this.#hooks.resumed();
    if (type === null || !ours.has(type)) return;
    packet.t = null;
    this.#hooks.packet(type, data);
  }

  #giveUp(detail: string, cause?: ChannelHealth['cause']): void {
    this.#hopeless = true;
    if (!this.#stopping.signal.aborted) this.#hooks.stopped(detail, cause);
  }

  async #end(client: Client | null): Promise<void> {
    await client?.destroy().catch(() => undefined);
  }
}

const written = new Set<ChannelType>([ChannelType.GuildText, ChannelType.GuildAnnouncement]);
const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.SendMessages];

function groupsOf(server: Guild): Group[] {
  const { me } = server.members;
  return [...server.channels.cache.values()]
    .filter((channel) => written.has(channel.type) && (me === null || channel.permissionsFor(me).has(needed)))
    .map(({ id, name }) => ({ externalId: `#${id}`, title: `#${name}`, place: server.name }));
}

function isTokenInvalid(error: unknown): boolean {
  const { code, status } = (error ?? {}) as { code?: unknown; status?: unknown };
  return code === 'TokenInvalid' || status === 401;
}
