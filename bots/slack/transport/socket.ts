import { setTimeout as delay } from 'node:timers/promises';
import { type App, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { clientOptions, silent } from './web-api.ts';

export interface SocketHooks {
  /** Resolves with the answer once the delivery is taken; when it rejects, Slack is told nothing and sends it again. */
  take(body: unknown): Promise<object | undefined>;
  working(): void;
  failing(error: unknown): void;
  /** Milliseconds before the next try after so many failures in a row. */
  backoffMs(failures: number): number;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  /** Without Slack's answer to a ping for this long the connection counts as dead. */
  readonly pongTimeoutMs?: number;
}

/** A connection greeted later than this is given up. */
const helloPatienceMs = 15_000;
const openTimeoutMs = 10_000;
const goodbyePatienceMs = 500;
/** A connection that ends sooner is not followed by the next one at once. */
const shortLifeMs = 5000;

/**
 * Socket Mode: one connection at a time, opened anew as often as it takes. Each is a receiver of Bolt's with its own
 * reconnecting off, which ends for good at the first refusal; and without Bolt's app, which acknowledges an event before
 * anything was done about it.
 */
export class SocketLine {
  readonly #options: SocketOptions;
  readonly #hooks: SocketHooks;
  readonly #stopping = new AbortController();
  #receiver: SocketModeReceiver | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: SocketOptions, hooks: SocketHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  /** Resolves after the first attempt to connect, however it went. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = this.#keepOpen(resolve);
    });
  }

  /** Nothing comes any more; resolves soon also when Slack does not say goodbye. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const goodbye = this.#receiver?.client.disconnect() ?? Promise.resolve();
    await Promise.race([goodbye, delay(goodbyePatienceMs, undefined, { ref: false })]);
    await Promise.race([this.#ended, delay(goodbyePatienceMs, undefined, { ref: false })]);
  }

  async #keepOpen(tried: () => void): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const receiver = this.#build();
      this.#receiver = receiver;
      const ended = new Promise<void>((resolve) => receiver.client.once('disconnected', () => resolve()));
      try {
        await this.#greeted(receiver);
        failures = 0;
        this.#hooks.working();
        tried();
        const since = performance.now();
        await ended;
        if (performance.now() - since < shortLifeMs) await this.#pause(this.#hooks.backoffMs(1));
      } catch (error) {
        failures += 1;
        this.#hooks.failing(error);
        tried();
        await this.#pause(this.#hooks.backoffMs(failures));
      }
    }
    tried();
  }

  #build(): SocketModeReceiver {
    const { appToken, apiUrl, pongTimeoutMs } = this.#options;
    const receiver = new SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      logger: silent,
      ...(pongTimeoutMs ? { clientPingTimeout: pongTimeoutMs } : {}),
      installerOptions: { clientOptions: clientOptions(apiUrl, openTimeoutMs) },
      processEventErrorHandler: async () => false,
    });
    mend(receiver);
    const processEvent = async ({ body, ack }: ReceiverEvent) => ack(await this.#hooks.take(body));
    receiver.init({ processEvent } as unknown as App);
    return receiver;
  }

  async #greeted(receiver: SocketModeReceiver): Promise<void> {
    const started = receiver.start().then(() => true);
    const late = delay(helloPatienceMs, false, { ref: false, signal: this.#stopping.signal });
    const inTime = await Promise.race([started, late]).catch((error: unknown) => {
      void receiver.client.disconnect();
      throw error ?? new Error('the connection was closed');
    });
    if (inTime) return;
    started.catch(() => undefined);
    void receiver.client.disconnect();
    throw new Error('no greeting');
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/** Envelopes without an event ("app_rate_limited") make the SDK throw where nobody can catch it: they are given one. */
function mend({ client }: SocketModeReceiver): void {
  const listeners = client.listeners('ws_message') as ((data: unknown, isBinary: boolean) => unknown)[];
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    for (const listener of listeners) {
      void Promise.resolve(listener.call(client, withEvent(data), isBinary)).catch(() => undefined);
    }
  });
}

function withEvent(data: unknown): unknown {
  if (typeof data !== 'string') return data;
  try {
    const envelope = JSON.parse(data) as {
      type?: unknown;
      payload?: { event?: { type?: unknown }; type?: unknown };
    };
    if (envelope.type !== 'events_api' || typeof envelope.payload?.event?.type === 'string') return data;
    return JSON.stringify({ ...envelope, payload: { ...envelope.payload, event: { type: 'none' } } });
  } catch {
    return data;
  }
}
