import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './body.ts';
import type { Chat, User } from './chats.ts';
import { ApiError, type Failure } from './failures.ts';
import { isMethod, type Method } from './fields.ts';
import { Group } from './group.ts';
import { Person } from './person.ts';
import { Platform } from './platform.ts';
import type { Rates } from './rates.ts';

export interface EmulatorOptions {
  readonly token?: string;
  readonly username?: string;
  readonly port?: number;
  /** None when absent. */
  readonly rates?: Rates;
  readonly now?: () => number;
  readonly webhookRetryMs?: number;
}

export interface Recorded {
  readonly method: string;
  readonly payload: Record<string, unknown>;
  readonly contentType: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A stand-in for the Bot API over HTTP: as strict as the platform, with people to press buttons and faults on request. */
export class TelegramEmulator {
  readonly token: string;
  readonly platform: Platform;
  /** Every call that named a method and our token, oldest first. */
  readonly requests: Recorded[] = [];
  readonly #server: Server;
  readonly #failures = new Map<Method, Failure[]>();
  #nextPerson = 5_000_001;
  #nextGroup = -1_001_000_000_001;
  #port = 0;

  private constructor(options: EmulatorOptions) {
    this.token = options.token ?? '123456789:stand-in-token-for-tests-only';
    const username = options.username ?? 'wici_standin_bot';
    this.platform = new Platform({
      bot: { id: 123_456_789, is_bot: true, first_name: 'Wici', username },
      now: options.now ?? Date.now,
      rates: options.rates ?? null,
      webhookRetryMs: options.webhookRetryMs ?? 20,
      replied: (call) => void this.#replied(call),
    });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => answer(response, toApiError(error)));
    });
  }

  /** Listens on 127.0.0.1; a free port when none is given. */
  static async start(options: EmulatorOptions = {}): Promise<TelegramEmulator> {
    const emulator = new TelegramEmulator(options);
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

  get port(): number {
    return this.#port;
  }

  /** Stops; every open connection is cut. */
  async close(): Promise<void> {
    this.platform.updates.close();
    await this.hangUp();
  }

  /** Nobody answers any more; `listen` takes up again where it was. */
  async hangUp(): Promise<void> {
    this.platform.updates.abandonPoll();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A new person who has never met the bot. */
  person(user: Partial<User> = {}): Person {
    const id = user.id ?? this.#nextPerson++;
    const chat: Chat = {
      user: { is_bot: false, first_name: 'Osoba', language_code: 'pl', ...user, id },
      state: 'new',
      migratedTo: null,
      messages: [],
    };
    this.platform.chats.set(id, chat);
    return new Person(this.platform, chat);
  }

  /** A new group, which the bot is not in. */
  group(title: string): Group {
    const id = this.#nextGroup--;
    const chat: Chat = {
      user: { id, is_bot: false, first_name: title },
      group: { title, muted: false },
      state: 'blocked',
      migratedTo: null,
      messages: [],
    };
    this.platform.chats.set(id, chat);
    return new Group(this.platform, chat);
  }

  /** The next `times` calls of `method` go wrong in this way. */
  fail(method: Method, failure: Failure, times = 1): void {
    const waiting = this.#failures.get(method) ?? [];
    this.#failures.set(method, [...waiting, ...Array.from({ length: times }, () => failure)]);
  }

  /** The payloads of the calls of `method` so far. */
  calls(method: Method): Record<string, unknown>[] {
    return this.requests.filter((r) => r.method === method).map((r) => r.payload);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://emulator').pathname;
    const [, token, name] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (token === undefined || name === undefined) {
      if (!this.#serveFile(path, response)) throw new ApiError(404, 'Not Found');
      return;
    }
    if (token !== this.token) throw new ApiError(401, 'Unauthorized');
    if (!isMethod(name)) throw new ApiError(404, 'Not Found: method not found');
    const payload = await readBody(request);
    const contentType = request.headers['content-type']?.split(';')[0] ?? '';
    this.requests.push({ method: name, payload, contentType, at: this.platform.options.now() });
    const failure = this.#failures.get(name)?.shift();
    if (failure) await this.#misbehave(failure, name, payload, request, response);
    else answer(response, { result: await this.#call(name, payload, response) });
  }

  /** Nobody is told how it went, as on the platform; what it refuses stands beside the webhook's other errors. */
  async #replied(call: unknown): Promise<void> {
    const { method: name, ...payload } = Object(call);
    this.requests.push({ method: name, payload, contentType: 'reply', at: this.platform.options.now() });
    if (!isMethod(name) || this.#failures.get(name)?.shift()) return;
    await this.platform.call(name, payload).catch((error: unknown) => {
      this.platform.updates.lastWebhookError = `${name} in the answer: ${toApiError(error).message}`;
    });
  }

  async #call(method: Method, payload: unknown, response: ServerResponse): Promise<unknown> {
    if (method !== 'getUpdates') return this.platform.call(method, payload);
    let answered = false;
    response.once('close', () => {
      if (!answered) this.platform.updates.abandonPoll();
    });
    return this.platform.call(method, payload).finally(() => {
      answered = true;
    });
  }

  async #misbehave(
    failure: Failure,
    method: Method,
    payload: unknown,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (failure.kind === 'error') throw new ApiError(failure.code, failure.description, failure.parameters);
    if (failure.kind === 'page') {
      response.writeHead(failure.status, { 'content-type': 'text/html' }).end('<html>gateway</html>');
      return;
    }
    const accepted = failure.kind === 'truncated' || failure.accepted;
    const result = accepted ? await this.platform.call(method, payload) : null;
    if (failure.kind === 'silence') return;
    if (failure.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    const whole = JSON.stringify({ ok: true, result });
    response.writeHead(200, { 'content-type': 'application/json' }).end(whole.slice(0, whole.length / 2));
  }

  #serveFile(path: string, response: ServerResponse): boolean {
    const [, token, id] = /^\/file\/bot([^/]+)\/files\/(\w+)$/.exec(path) ?? [];
    const file = token === this.token && id !== undefined ? this.platform.files.get(id) : undefined;
    if (!file) return false;
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
    return true;
  }
}

function answer(response: ServerResponse, outcome: { result: unknown } | ApiError): void {
  if (response.headersSent || response.destroyed) return;
  const [status, body] =
    outcome instanceof ApiError
      ? [
          outcome.code,
          {
            ok: false,
            error_code: outcome.code,
            description: outcome.message,
            ...(outcome.parameters ? { parameters: outcome.parameters } : {}),
          },
        ]
      : [200, { ok: true, result: outcome.result }];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, `Internal Server Error: ${error instanceof Error ? error.message : 'unknown'}`);
}
