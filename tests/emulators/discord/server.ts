import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, type Failure, RateLimited } from './failures.ts';
import { Gateway } from './gateway.ts';
import { Person } from './person.ts';
import { type Account, Platform, type Upload, userOf } from './platform.ts';
import { generous, RateLimiter, type Rates } from './rates.ts';
import { Room, type RoomState } from './room.ts';

export interface EmulatorOptions {
  readonly token?: string;
  readonly port?: number;
  /** Plenty when absent. */
  readonly rates?: Rates;
  readonly now?: () => number;
  readonly heartbeatMs?: number;
}

/** The calls there are, by what they do. */
export type Call =
  | 'gateway'
  | 'whoAmI'
  | 'application'
  | 'servers'
  | 'openDirectMessages'
  | 'postMessage'
  | 'editMessage'
  | 'deleteMessage'
  | 'readMessages'
  | 'answerInteraction'
  | 'editAnswer'
  | 'deleteAnswer'
  | 'writeCommands';

export interface Recorded {
  readonly call: Call;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
  readonly uploads: readonly Upload[];
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Route {
  readonly call: Call;
  readonly method: string;
  readonly pattern: RegExp;
  /** Interactions carry their own token in the path. */
  readonly open?: true;
}

const id = String.raw`(\d{17,20})`;
const routes: readonly Route[] = [
  { call: 'gateway', method: 'GET', pattern: /^\/gateway\/bot$/ },
  { call: 'whoAmI', method: 'GET', pattern: /^\/users\/@me$/ },
  { call: 'application', method: 'GET', pattern: /^\/applications\/@me$/ },
  { call: 'servers', method: 'GET', pattern: /^\/users\/@me\/guilds$/ },
  { call: 'openDirectMessages', method: 'POST', pattern: /^\/users\/@me\/channels$/ },
  { call: 'postMessage', method: 'POST', pattern: new RegExp(`^/channels/${id}/messages$`) },
  { call: 'readMessages', method: 'GET', pattern: new RegExp(`^/channels/${id}/messages$`) },
  { call: 'editMessage', method: 'PATCH', pattern: new RegExp(`^/channels/${id}/messages/${id}$`) },
  { call: 'deleteMessage', method: 'DELETE', pattern: new RegExp(`^/channels/${id}/messages/${id}$`) },
  {
    call: 'answerInteraction',
    method: 'POST',
    pattern: new RegExp(`^/interactions/${id}/([\\w-]+)/callback$`),
    open: true,
  },
  {
    call: 'editAnswer',
    method: 'PATCH',
    pattern: new RegExp(`^/webhooks/${id}/([\\w-]+)/messages/@original$`),
    open: true,
  },
  {
    call: 'deleteAnswer',
    method: 'DELETE',
    pattern: new RegExp(`^/webhooks/${id}/([\\w-]+)/messages/@original$`),
    open: true,
  },
  { call: 'writeCommands', method: 'PUT', pattern: new RegExp(`^/applications/${id}/commands$`) },
];

/** A stand-in for Discord, REST and gateway: as strict as the platform, with people to press buttons and faults on request. */
export class DiscordEmulator {
  readonly token: string;
  readonly platform: Platform;
  readonly gateway: Gateway;
  /** Every call, oldest first. */
  readonly requests: Recorded[] = [];
  /** Whether direct messages name their channel's type. */
  channelType = true;
  readonly #server: Server;
  readonly #limiter: RateLimiter;
  readonly #now: () => number;
  readonly #failures = new Map<Call, Failure[]>();
  #port = 0;
  #nextPerson = 1;

  private constructor(options: EmulatorOptions) {
    this.token = options.token ?? 'stand-in.token.for-tests-only';
    this.#now = options.now ?? Date.now;
    this.#limiter = new RateLimiter(options.rates ?? generous, this.#now);
    this.platform = new Platform({
      now: this.#now,
      limiter: this.#limiter,
      dispatch: (type, data, directMessage) => this.gateway.dispatch(type, data, directMessage),
      channelType: () => this.channelType,
    });
    this.gateway = new Gateway({
      token: this.token,
      user: this.platform.bot,
      guild: () => this.platform.guildJson(),
      guildId: this.platform.guild.id,
      url: () => `ws://127.0.0.1:${this.#port}`,
      heartbeatMs: options.heartbeatMs ?? 41_250,
    });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => refuse(response, error));
    });
    this.#server.on('upgrade', (request, socket, head) => this.gateway.upgrade(request, socket, head));
  }

  /** Listens on 127.0.0.1; a free port when none is given. */
  static async start(options: EmulatorOptions = {}): Promise<DiscordEmulator> {
    const emulator = new DiscordEmulator(options);
    await emulator.listen(options.port ?? 0);
    return emulator;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  get port(): number {
    return this.#port;
  }

  /** Stops; every open connection is cut. */
  async close(): Promise<void> {
    await this.hangUp();
    await this.gateway.end();
  }

  /** Nobody answers any more; `listen` takes up again where it was. */
  async hangUp(): Promise<void> {
    this.gateway.drop();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A new person who shares a server with the bot and has never written to it. */
  person(name = `Osoba ${this.#nextPerson++}`): Person {
    const account: Account = {
      user: userOf(this.platform.snowflakes.next(), name),
      channelId: this.platform.snowflakes.next(),
      messages: [],
      locale: 'pl',
      state: 'open',
      opened: false,
      window: null,
    };
    this.platform.accounts.set(account.user.id, account);
    return new Person(this.platform, account);
  }

  /** A new channel of the server, in which the bot may write. */
  room(name: string): Room {
    const channelId = this.platform.snowflakes.next();
    const state: RoomState = { channelId, name, messages: [], access: 'open' };
    this.platform.roomChanged(state);
    return new Room(this.platform, state);
  }

  /** The next `times` calls of that kind go wrong in this way. */
  fail(call: Call, failure: Failure, times = 1): void {
    const waiting = this.#failures.get(call) ?? [];
    this.#failures.set(call, [...waiting, ...Array.from({ length: times }, () => failure)]);
  }

  calls(call: Call): Recorded[] {
    return this.requests.filter((r) => r.call === call);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const path = url.pathname.replace(/^\/api\/v10(?=\/)/, '');
    if (path === url.pathname) throw new ApiError(404, 0, '404: Not Found');
    const route = routes.find((r) => r.method === request.method && r.pattern.test(path));
    if (!route) throw new ApiError(404, 0, '404: Not Found');
    const { body, uploads } = await readBody(request);
    const { authorization } = request.headers;
    this.requests.push({ call: route.call, path, authorization, body, uploads, at: this.#now() });
    if (!route.open && authorization !== `Bot ${this.token}`) throw new ApiError(401, 0, '401: Unauthorized');
    const parts = route.pattern.exec(path)?.slice(1) ?? [];
    const work = () => this.#do(route.call, parts, body, uploads, url.searchParams);
    const failure = this.#failures.get(route.call)?.shift();
    if (failure) return this.#misbehave(failure, work, request, response);
    const headers = route.open ? {} : this.#limiter.count(bucketOf(route.call, parts));
    answer(response, work(), headers);
  }

  #do(
    call: Call,
    [first = '', second = '']: string[],
    body: unknown,
    uploads: readonly Upload[],
    query: URLSearchParams,
  ): unknown {
    switch (call) {
      case 'gateway':
        return this.#gatewayAddress();
      case 'whoAmI':
        return this.platform.bot;
      case 'application':
        return this.platform.application;
      case 'servers':
        return this.platform.servers;
      case 'openDirectMessages':
        return this.platform.open(body);
      case 'postMessage':
        return this.platform.post(first, body, uploads);
      case 'readMessages':
        return this.platform.history(first, query);
      case 'editMessage':
        return this.platform.edit(first, second, body);
      case 'deleteMessage':
        return this.platform.remove(first, second);
      case 'answerInteraction':
        return this.platform.answer(first, second, body);
      case 'editAnswer':
        return this.platform.original(second, { body });
      case 'deleteAnswer':
        return this.platform.original(second, null);
      case 'writeCommands':
        if (first !== this.platform.bot.id) throw new ApiError(403, 20_012, 'You are not authorized');
        return this.platform.write(body);
    }
  }

  #gatewayAddress(): object {
    const left = 1000 - this.gateway.identifies;
    return {
      url: `ws://127.0.0.1:${this.#port}`,
      shards: 1,
      session_start_limit: { total: 1000, remaining: left, reset_after: 86_400_000, max_concurrency: 1 },
    };
  }

  #misbehave(
    failure: Failure,
    work: () => unknown,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (failure.kind === 'error') throw new ApiError(failure.status, failure.code, failure.message);
    if (failure.kind === 'limit') throw new RateLimited(failure.retryAfter, failure.scope);
    if (failure.kind === 'page') {
      response.writeHead(failure.status, { 'content-type': 'text/html' }).end('<html>gateway</html>');
      return;
    }
    const accepted = failure.kind === 'truncated' || failure.accepted;
    const result = accepted ? work() : null;
    if (failure.kind === 'silence') return;
    if (failure.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    const whole = JSON.stringify(result);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
    response.write(whole.slice(0, whole.length / 2));
    request.socket.end();
  }
}

function bucketOf(call: Call, parts: readonly string[]): string {
  return call === 'postMessage' ? `message:${parts[0]}` : `${call}:${parts[0] ?? ''}`;
}

async function readBody(
  request: IncomingMessage,
): Promise<{ body: Record<string, unknown>; uploads: Upload[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { body: {}, uploads: [] };
  if (!type.startsWith('multipart/form-data')) return { body: json(bytes.toString()), uploads: [] };
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const uploads: Upload[] = [];
  for (const [name, value] of form) {
    if (value instanceof File && /^files\[\d\]$/.test(name)) {
      uploads.push({ name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
    } else if (name !== 'payload_json') throw new ApiError(400, 50_035, 'Invalid Form Body');
  }
  return { body: json(String(form.get('payload_json') ?? '{}')), uploads };
}

function json(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ApiError(400, 50_109, 'The request body contains invalid JSON.');
  }
}

/** Nothing to say is 204, which must not claim to be JSON. */
function answer(response: ServerResponse, result: unknown, headers: Record<string, string>): void {
  if (result === undefined) response.writeHead(204, headers).end();
  else
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(result));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const { status, headers, body } = error instanceof RateLimited ? forNow(error) : forGood(error);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function forGood(error: unknown) {
  const { status, code, message, errors } =
    error instanceof ApiError
      ? error
      : new ApiError(500, 0, `500: ${error instanceof Error ? error.message : 'unknown'}`);
  return { status, headers: {}, body: { message, code, ...(errors ? { errors } : {}) } };
}

function forNow({ retryAfter, scope, message }: RateLimited) {
  const headers = {
    'retry-after': String(Math.ceil(retryAfter)),
    'x-ratelimit-scope': scope,
    ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
  };
  return { status: 429, headers, body: { message, retry_after: retryAfter, global: scope === 'global' } };
}
