import { createHmac } from 'node:crypto';
import type { ServerSocket } from './web-socket.ts';

export type DeliveryType = 'events_api' | 'interactive' | 'slash_commands';

/** One thing on its way to the app. `line`: those of one are begun one after another. */
export interface Delivery {
  readonly type: DeliveryType;
  readonly body: Record<string, unknown>;
  readonly line: string;
  /** Hears what came with the acknowledgement. */
  readonly answered?: (payload: unknown) => void;
}

export interface LineOptions {
  /** What is not acknowledged sooner is an error to the person, or sent again. */
  readonly ackMs: number;
  /** Between the tries of an event; Slack makes three more. */
  readonly retryMs: number;
}

export interface Line {
  /** Resolves once the app acknowledged it, or Slack has given it up. */
  deliver(delivery: Delivery): Promise<'taken' | 'lost'>;
  close(): void;
}

const tries = 4;

/** Presses, submissions and commands are never sent again. */
const triesOf = (type: DeliveryType) => (type === 'events_api' ? tries : 1);

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

interface Waiting {
  readonly resolve: (acknowledged: boolean) => void;
  readonly answered: Delivery['answered'];
}

/** Socket Mode's side of Slack: envelopes over whichever connection is there. */
export class SocketLine implements Line {
  readonly #options: LineOptions & { readonly pingMs: number };
  readonly #waiting = new Map<string, Waiting>();
  readonly #late = new Set<string>();
  readonly #done = new Set<string>();
  readonly sockets = new Set<ServerSocket>();
  /** What a real app would be told off for. */
  readonly violations: string[] = [];
  #next = 1;
  #closed = false;

  constructor(options: LineOptions & { readonly pingMs: number }) {
    this.#options = options;
  }

  add(socket: ServerSocket, app: string): void {
    this.sockets.add(socket);
    // One for each envelope on its way.
    socket.setMaxListeners(0);
    const pings = setInterval(() => socket.ping(), this.#options.pingMs);
    socket.on('close', () => {
      clearInterval(pings);
      this.sockets.delete(socket);
    });
    socket.on('text', (text) => this.#acknowledged(text));
    socket.send(
      JSON.stringify({ type: 'hello', num_connections: this.sockets.size, connection_info: { app_id: app } }),
    );
  }

  async deliver({ type, body, answered }: Delivery): Promise<'taken' | 'lost'> {
    for (let attempt = 0; attempt < triesOf(type); attempt++) {
      if (attempt > 0) await pause(this.#options.retryMs);
      const socket = await this.#connection();
      if (!socket) return 'lost';
      const retry = attempt > 0 ? { retry_attempt: attempt, retry_reason: 'timeout' } : {};
      const accepts = { accepts_response_payload: type !== 'events_api' };
      if (await this.#send(socket, { type, payload: body, ...accepts, ...retry }, answered)) return 'taken';
    }
    return 'lost';
  }

  /** Sends something as it is. */
  raw(message: object): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#closed = true;
    for (const { resolve } of this.#waiting.values()) resolve(false);
    for (const socket of this.sockets) socket.cut();
  }

  async #connection(): Promise<ServerSocket | undefined> {
    const end = Date.now() + 10_000;
    while (!this.#closed && Date.now() < end) {
      const open = [...this.sockets].findLast((socket) => socket.open && !socket.stalled);
      if (open) return open;
      await pause(5);
    }
    return undefined;
  }

  /** An envelope lost with its connection is noticed at once. */
  async #send(socket: ServerSocket, envelope: object, answered: Delivery['answered']): Promise<boolean> {
    const id = `envelope-${this.#next++}`;
    const taken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#options.ackMs);
      socket.once('close', () => resolve(false));
      this.#waiting.set(id, {
        answered,
        resolve: (acknowledged) => {
          clearTimeout(timer);
          resolve(acknowledged);
        },
      });
      socket.send(JSON.stringify({ envelope_id: id, ...envelope }));
    });
    this.#waiting.delete(id);
    (taken ? this.#done : this.#late).add(id);
    return taken;
  }

  #acknowledged(text: string): void {
    const { envelope_id: id, payload, ...more } = JSON.parse(text) as Record<string, unknown>;
    const waiting = this.#waiting.get(String(id));
    if (Object.keys(more).length > 0) this.violations.push(`unknown fields ${Object.keys(more)}`);
    if (waiting) {
      if (payload && Object.keys(payload).length > 0) waiting.answered?.(payload);
      waiting.resolve(true);
    } else if (this.#late.has(String(id))) this.violations.push(`late acknowledgement of ${id}`);
    else if (this.#done.has(String(id))) this.violations.push(`${id} acknowledged twice`);
    else this.violations.push(`acknowledgement of nothing: ${id}`);
  }
}

/** HTTP mode's side of Slack: signed requests to one address. */
export class HttpLine implements Line {
  readonly #options: LineOptions & { readonly signedAt: () => number };
  readonly #url: string;
  readonly #secret: string;
  readonly #lines = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(url: string, secret: string, options: LineOptions & { readonly signedAt: () => number }) {
    this.#url = url;
    this.#secret = secret;
    this.#options = options;
  }

  deliver(delivery: Delivery): Promise<'taken' | 'lost'> {
    const before = this.#lines.get(delivery.line) ?? Promise.resolve();
    const result = before.then(() => this.#tried(delivery));
    this.#lines.set(delivery.line, result);
    return result;
  }

  close(): void {
    this.#closed = true;
  }

  async #tried(delivery: Delivery): Promise<'taken' | 'lost'> {
    for (let attempt = 0; attempt < triesOf(delivery.type) && !this.#closed; attempt++) {
      if (attempt > 0) await pause(this.#options.retryMs);
      const retry: Record<string, string> =
        attempt > 0 ? { 'x-slack-retry-num': `${attempt}`, 'x-slack-retry-reason': 'http_error' } : {};
      if (await this.#post(delivery, retry)) return 'taken';
    }
    return 'lost';
  }

  async #post({ type, body, answered }: Delivery, retry: Record<string, string>): Promise<boolean> {
    const text = type === 'events_api' ? JSON.stringify(body) : formOf(type, body);
    const timestamp = String(Math.floor(this.#options.signedAt() / 1000));
    const headers = {
      'content-type': type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(this.#secret, timestamp, text),
      ...retry,
    };
    try {
      const signal = AbortSignal.timeout(this.#options.ackMs);
      const response = await fetch(this.#url, { method: 'POST', headers, body: text, signal });
      const said = await response.text();
      if (response.ok && said !== '') answered?.(JSON.parse(said));
      return response.ok;
    } catch {
      return false;
    }
  }
}

export function sign(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function formOf(type: DeliveryType, body: Record<string, unknown>): string {
  const fields =
    type === 'interactive' ? { payload: JSON.stringify(body) } : (body as Record<string, string>);
  return new URLSearchParams(fields).toString();
}
