import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commandAnswer, wordsOf } from './blocks.ts';
import { type Failure, SlackError, TooManyCalls } from './failures.ts';
import { isMethod, type Method } from './fields.ts';
import { type Delivery, HttpLine, SocketLine } from './lines.ts';
import { eventBody, Person } from './person.ts';
import { Platform, type Rates } from './platform.ts';
import { allScopes, checkScope } from './scopes.ts';
import { ServerSocket } from './web-socket.ts';
import type { Message, Room } from './workspace.ts';

export interface EmulatorOptions {
  readonly port?: number;
  /** Events are sent to this address; over the socket when absent. */
  readonly eventsUrl?: string;
  /** None when absent. */
  readonly rates?: Rates;
  readonly now?: () => number;
  /** The hour requests to `eventsUrl` are signed with; the machine's own when absent. */
  readonly signedAt?: () => number;
  readonly ackMs?: number;
  readonly retryMs?: number;
  readonly pingMs?: number;
  readonly pictureReadyMs?: number;
  /** What the bot's token was given; all that any method needs when absent. */
  readonly scopes?: readonly string[];
}

export interface Recorded {
  readonly method: string;
  readonly payload: Record<string, string>;
  readonly authorization: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const maxBytes = 52 * 1024 * 1024;

/** A stand-in for Slack: as strict as the platform, with people to press buttons and faults on request. */
export class SlackEmulator {
  readonly token = 'xoxb-000000000000-standin-for-tests-only';
  readonly appToken = 'xapp-1-A0WICIAPP-000000000000-standin-for-tests-only';
  readonly signingSecret = '0123456789abcdef0123456789abcdef';
  readonly platform: Platform;
  readonly socket: SocketLine;
  readonly http: HttpLine | null;
  /** Every call that named a method, oldest first. */
  readonly requests: Recorded[] = [];
  /** Answers that came with an acknowledgement. */
  readonly answers: unknown[] = [];
  /** What came to response addresses. */
  readonly responses: unknown[] = [];
  readonly #scopes: readonly string[];
  readonly #server: Server;
  readonly #failures = new Map<Method, Failure[]>();
  readonly #tickets = new Set<string>();
  #port = 0;

  private constructor(options: EmulatorOptions) {
    const now = options.now ?? Date.now;
    const line = {
      ackMs: options.ackMs ?? 3000,
      retryMs: options.retryMs ?? 20,
      pingMs: options.pingMs ?? 1700,
    };
    this.#scopes = options.scopes ?? allScopes;
    this.socket = new SocketLine(line);
    this.http = options.eventsUrl
      ? new HttpLine(options.eventsUrl, this.signingSecret, {
          ...line,
          signedAt: options.signedAt ?? Date.now,
        })
      : null;
    this.platform = new Platform({
      now,
      rates: options.rates ?? null,
      pictureReadyMs: options.pictureReadyMs ?? 0,
      uploadUrl: (id) => `${this.url}/upload/v1/${id}`,
      socketUrl: () => this.#ticket(),
      echo: (message, subtype) => this.#echo(message, subtype),
    });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => answerError(response, error));
    });
    this.#server.on('upgrade', (request: IncomingMessage, stream) => {
      const ticket = new URL(request.url ?? '/', 'ws://x').searchParams.get('ticket') ?? '';
      if (!this.#tickets.delete(ticket)) stream.destroy();
      else this.socket.add(ServerSocket.accept(request, stream), this.platform.workspace.bot.app);
    });
  }

  /** Listens on 127.0.0.1; a free port when none is given. */
  static async start(options: EmulatorOptions = {}): Promise<SlackEmulator> {
    const emulator = new SlackEmulator(options);
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
    return `http://127.0.0.1:${this.#port}`;
  }

  get apiUrl(): string {
    return `${this.url}/api/`;
  }

  get port(): number {
    return this.#port;
  }

  /** Stops; every open connection is cut. */
  async close(): Promise<void> {
    this.socket.close();
    this.http?.close();
    await this.hangUp();
  }

  /** Nobody answers any more; `listen` takes up again where it was. */
  async hangUp(): Promise<void> {
    for (const socket of this.socket.sockets) socket.cut();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A member of the workspace who has not met the app yet. */
  person(user: { readonly name?: string; readonly locale?: string; readonly email?: string } = {}): Person {
    const { workspace } = this.platform;
    const send = (delivery: Delivery) => this.deliver(delivery);
    return new Person(workspace, workspace.addUser(user), send, `${this.url}/response/1`);
  }

  /** A channel the app is in. */
  room(name: string): Room {
    return this.platform.workspace.addRoom(name, true);
  }

  deliver(delivery: Delivery): Promise<'taken' | 'lost'> {
    const answered = (payload: unknown) => this.#answered(delivery, payload);
    return (this.http ?? this.socket).deliver({ ...delivery, answered });
  }

  /** The next `times` calls of `method` go wrong in this way. */
  fail(method: Method, failure: Failure, times = 1): void {
    const waiting = this.#failures.get(method) ?? [];
    this.#failures.set(method, [...waiting, ...Array.from({ length: times }, () => failure)]);
  }

  /** The fields of the calls of `method` so far, as they came. */
  calls(method: Method): Record<string, string>[] {
    return this.requests.filter((r) => r.method === method).map((r) => r.payload);
  }

  /** Whoever typed a command is shown what its acknowledgement says; nothing else may be answered so. */
  #answered({ type, body }: Delivery, payload: unknown): void {
    this.answers.push(payload);
    const said = type === 'slash_commands' ? commandAnswer.safeParse(payload) : null;
    if (!said?.success) this.socket.violations.push(`an answer to ${type} that Slack does not take`);
    else {
      const { text = '', blocks = [] } = said.data;
      const words = wordsOf(blocks).join('\n') || text;
      const [channel, user] = [String(body.channel_id), String(body.user_id)];
      this.platform.workspace.asides.push({ channel, user, words });
    }
  }

  #echo(message: Message, subtype: string | null): void {
    const { workspace } = this.platform;
    const own = { user: workspace.bot.user, text: message.text, blocks: message.blocks, ts: message.ts };
    const event = {
      type: 'message',
      channel: message.channel,
      channel_type: workspace.rooms.has(message.channel) ? 'channel' : 'im',
      // A shared file bears no bot's id: only the user says whose it is.
      ...(subtype === 'file_share' ? {} : { bot_id: workspace.bot.id, app_id: workspace.bot.app }),
      ...(subtype === null ? {} : { subtype }),
      ...(message.files.length > 0 ? { files: message.files.map(({ id, name }) => ({ id, name })) } : {}),
      ...(subtype === 'message_changed' ? { message: own, ts: message.ts } : own),
    };
    void this.deliver({ type: 'events_api', body: eventBody(workspace, event), line: 'echo' });
  }

  #ticket(): string {
    const ticket = this.platform.workspace.id('ticket-');
    this.#tickets.add(ticket);
    return `ws://127.0.0.1:${this.#port}/link/?ticket=${ticket}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://emulator').pathname;
    const bytes = await readAll(request);
    const [, name] = /^\/api\/([\w.]+)$/.exec(path) ?? [];
    const [, file] = /^\/upload\/v1\/(\w+)$/.exec(path) ?? [];
    if (request.method !== 'POST') response.writeHead(405).end();
    else if (file !== undefined) this.#upload(file, bytes, request, response);
    else if (path.startsWith('/response/')) {
      this.responses.push(JSON.parse(bytes.toString()));
      response.end('ok');
    } else if (name === undefined) response.writeHead(404).end('not found');
    else await this.#api(name, bytes, request, response);
  }

  #upload(id: string, bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.authorization !== undefined) throw new Error('a token went to an upload address');
    this.platform.upload(id, new Uint8Array(bytes));
    response.end(`OK - ${bytes.length}`);
  }

  async #api(name: string, bytes: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isMethod(name)) throw new SlackError('unknown_method', { req_method: name });
    const authorization = request.headers.authorization ?? '';
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      throw new SlackError('invalid_post_type');
    }
    const payload = Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
    this.requests.push({ method: name, payload, authorization, at: Date.now() });
    const failure = this.#failures.get(name)?.shift();
    if (failure) return this.#misbehave(failure, name, payload, request, response);
    this.#authorize(name, authorization);
    response.setHeader('x-oauth-scopes', this.#scopes.join(','));
    checkScope(name, this.#scopes);
    answer(response, this.platform.call(name, payload));
  }

  #authorize(method: Method, authorization: string): void {
    if (authorization === '') throw new SlackError('not_authed');
    const right = method === 'apps.connections.open' ? this.appToken : this.token;
    const wrong = method === 'apps.connections.open' ? this.token : this.appToken;
    if (authorization === `Bearer ${wrong}`) throw new SlackError('not_allowed_token_type');
    if (authorization !== `Bearer ${right}`) throw new SlackError('invalid_auth');
  }

  #misbehave(
    failure: Failure,
    method: Method,
    payload: Record<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (failure.kind === 'error') throw new SlackError(failure.error, failure.more);
    if (failure.kind === 'rateLimited') throw new TooManyCalls(failure.retryAfter);
    const result =
      failure.kind === 'truncated' || failure.accepted ? this.platform.call(method, payload) : {};
    if (failure.kind === 'silence') return;
    if (failure.kind === 'reset') request.socket.destroy();
    else if (failure.kind === 'page') {
      response.writeHead(failure.status, { 'content-type': 'text/html' }).end('<html>gateway</html>');
    } else {
      const whole = JSON.stringify({ ok: true, ...result });
      response.writeHead(200, { 'content-type': 'application/json' }).end(whole.slice(0, whole.length / 2));
    }
  }
}

function answer(response: ServerResponse, result: object, ok = true): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok, ...result }));
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  if (error instanceof TooManyCalls) {
    response.writeHead(429, { 'retry-after': String(error.retryAfter), 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
  } else if (error instanceof SlackError) answer(response, { error: error.message, ...error.more }, false);
  else response.writeHead(500).end(error instanceof Error ? error.message : 'fault');
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
