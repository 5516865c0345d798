import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { Pool } from 'undici';
import { connections } from '../limits.ts';

export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Bytes to be uploaded: the only object in a payload telegraf may take for a file. It would read paths and fetch addresses. */
export interface Upload {
  readonly source: Buffer;
  readonly filename: string;
}

export interface BotApi {
  /** Calls a method; rejects with TelegramError or what kept the answer from coming (see errors.ts). */
  call<Result>(method: string, payload: object, options: CallOptions): Promise<Result>;
  /** As `call`, as a multipart form: the file in the field `field`. */
  upload<Result>(
    method: string,
    payload: object,
    field: string,
    file: Upload,
    options: CallOptions,
  ): Promise<Result>;
  close(): void;
}

/** Idle connections are dropped before the platform drops them: a send on a dead one could not be told from a lost answer. */
const idleMs = 10_000;

/**
 * The Bot API over connections kept open, with a time limit on every call and nothing read or fetched for a payload. Forms
 * are telegraf's; plain calls, a broadcast's daily bread, go out at a third of what its client takes (docs/performance.md).
 */
export function openBotApi(token: string, apiUrl: string): BotApi {
  const apiRoot = apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`;
  const calls = new Calls(token, apiRoot);
  const forms = openForms(token, apiRoot);
  return {
    call: <Result>(method: string, payload: object, how: CallOptions) =>
      calls.call(method, payload, how) as Promise<Result>,
    upload: <Result>(method: string, payload: object, field: string, file: Upload, how: CallOptions) =>
      forms.call(
        method,
        { ...asText(payload), [field]: { ...file, filename: safeName(file.filename) } },
        how,
      ) as Promise<Result>,
    // Connections in use finish what they carry: a message cut off would be in doubt.
    close: () => {
      calls.close();
      forms.close();
    },
  };
}

type Answer =
  | { readonly ok: true; readonly result: unknown }
  | ({ readonly ok: false } & ConstructorParameters<typeof TelegramError>[0]);

/** Calls whose payload is JSON. */
class Calls {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(token: string, apiRoot: string) {
    const { origin, pathname } = new URL(apiRoot);
    this.#path = `${pathname}bot${token}/`;
    this.#pool = new Pool(origin, { connections, keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs });
  }

  async call(method: string, payload: object, { timeoutMs, signal }: CallOptions): Promise<unknown> {
    const { statusCode, body } = await this.#pool.request({
      method: 'POST',
      path: this.#path + method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(signal ? { signal } : {}),
    });
    if (statusCode >= 500) {
      await body.dump();
      throw new TelegramError({ error_code: statusCode, description: 'server error' });
    }
    const answer = (await body.json()) as Answer;
    if (!answer.ok) throw new TelegramError(answer);
    return answer.result;
  }

  close(): void {
    void this.#pool.close().catch(() => undefined);
  }
}

/** telegraf's client. */
function openForms(token: string, apiRoot: string) {
  const options = { keepAlive: true, timeout: idleMs };
  const agent = apiRoot.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  const telegram = new Telegram(token, { apiRoot, webhookReply: false });
  // Set afterwards: the constructor takes an agent away from http addresses.
  telegram.options.agent = agent;
  type Loose = (method: string, payload: object, options: { signal: AbortSignal }) => Promise<unknown>;
  const callApi = (telegram.callApi as unknown as Loose).bind(telegram);
  return {
    call: async (method: string, payload: object, { timeoutMs, signal }: CallOptions) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      return callApi(method, payload, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    },
    close: () => {
      for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
    },
  };
}

/** In a form, telegraf takes objects for files and drops the rest of them: they travel as JSON text. */
function asText(payload: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

/** telegraf writes the name into a header as it is. */
function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const safe = name.replace(/[\u0000-\u001f\u007f"\\/]/g, '_').trim();
  return safe === '' ? 'file' : safe;
}
