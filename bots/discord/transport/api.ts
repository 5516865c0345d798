import { createRequire } from 'node:module';
import type { InternalRequest, RESTOptions } from 'discord.js';
import { REST } from 'discord.js';

type Agent = NonNullable<RESTOptions['agent']> & { close(): Promise<void>; destroy(): Promise<void> };
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  readonly body?: unknown;
  readonly query?: URLSearchParams;
  readonly files?: readonly {
    readonly name: string;
    readonly contentType: string;
    readonly data: Uint8Array;
  }[];
  /** Calls of an interaction carry its own token in their path instead of the bot's. */
  readonly withoutToken?: boolean;
}

export interface DiscordApi {
  /** What discord.js's clients are to be built with, so that they behave as this one. */
  readonly restOptions: Partial<RESTOptions>;
  /** Calls `path` ("/channels/1/messages"); rejects with discord.js's own errors (see errors.ts). */
  call<Result>(method: Method, path: `/${string}`, options?: CallOptions): Promise<Result>;
  /** Calls made in the last second. */
  callsLately(): number;
  close(): void;
}

/**
 * discord.js's REST client with every repetition turned off: it would post a message again after a timeout, and wait out a
 * limit in silence.
 */
export function openDiscordApi(token: string, apiUrl: string, timeoutMs: number): DiscordApi {
  const agent = openAgent(timeoutMs);
  const restOptions: Partial<RESTOptions> = {
    api: apiUrl.replace(/\/+$/, ''),
    version: '10',
    retries: 0,
    timeout: timeoutMs,
    rejectOnRateLimit: () => true,
    agent,
  };
  const rest = new REST(restOptions);
  const lately: number[] = [];
  const keepClock = clockWatch(() => {
    rest.handlers.clear();
    rest.globalReset = -1;
  });
  return {
    restOptions,
    call: async <Result>(method: Method, path: `/${string}`, options: CallOptions = {}) => {
      // One answer of 401 makes the client forget its token for good.
      rest.setToken(token);
      lately.push(performance.now());
      keepClock();
      try {
        return (await rest.request(requestOf(method, path, options))) as Result;
      } finally {
        keepClock();
      }
    },
    callsLately: () => {
      const since = performance.now() - 1000;
      while ((lately[0] ?? since + 1) <= since) lately.shift();
      return lately.length;
    },
    close: () => {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      void agent.close().catch(() => undefined);
    },
  };
}

/** Most the machine's clock is put right by without being set. */
const slewMs = 1000;

/**
 * The client keeps Discord's limits by the machine's clock: one noted while that was an hour ahead would hold everything up
 * for an hour. What is returned notices that the clock was set since it was called last, and has them forgotten.
 */
function clockWatch(forget: () => void): () => void {
  const offset = () => Date.now() - performance.now();
  let known = offset();
  return () => {
    const now = offset();
    if (Math.abs(now - known) > slewMs) forget();
    known = now;
  };
}

function requestOf(method: Method, fullRoute: `/${string}`, options: CallOptions): InternalRequest {
  const { body, query, files = [], withoutToken = false } = options;
  return {
    method: method as InternalRequest['method'],
    fullRoute,
    ...(body === undefined ? {} : { body }),
    ...(query ? { query } : {}),
    ...(files.length > 0
      ? {
          files: files.map(({ name, contentType, data }) => ({ name, contentType, data: Buffer.from(data) })),
        }
      : {}),
    auth: !withoutToken,
  };
}

/**
 * The agent is made by the very undici discord.js sends with: another version in the same process (Slack's SDK brings one)
 * puts its own in the place they share, and every upload then fails.
 */
function openAgent(timeoutMs: number): Agent {
  const ours = createRequire(import.meta.url);
  const library = createRequire(ours.resolve('discord.js'));
  const restClient = createRequire(library.resolve('@discordjs/rest'));
  const { Agent } = restClient('undici') as { Agent: new (options: object) => Agent };
  return new Agent({ bodyTimeout: timeoutMs, headersTimeout: timeoutMs, connectTimeout: timeoutMs });
}
