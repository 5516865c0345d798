import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram } from 'telegraf';

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
  /** Calls a method; rejects with telegraf's own errors (see errors.ts). */
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

/** telegraf's client with connections kept open, a time limit on every call and nothing read or fetched for a payload. */
export function openBotApi(token: string, apiUrl: string): BotApi {
  const apiRoot = apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`;
  // Idle connections are dropped before the platform drops them: a send on a dead one could not be told from a lost answer.
  const options = { keepAlive: true, timeout: 10_000 };
  const agent = apiRoot.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  const telegram = new Telegram(token, { apiRoot, webhookReply: false });
  // Set afterwards: the constructor takes an agent away from http addresses.
  telegram.options.agent = agent;

  const call = async (method: string, payload: object, { timeoutMs, signal }: CallOptions) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    type Loose = (method: string, payload: object, options: { signal: AbortSignal }) => Promise<unknown>;
    return (telegram.callApi as unknown as Loose).call(telegram, method, payload, { signal: either });
  };
  return {
    call: <Result>(method: string, payload: object, how: CallOptions) =>
      call(method, payload, how) as Promise<Result>,
    upload: <Result>(method: string, payload: object, field: string, file: Upload, how: CallOptions) =>
      call(
        method,
        { ...asText(payload), [field]: { ...file, filename: safeName(file.filename) } },
        how,
      ) as Promise<Result>,
    // Connections in use finish what they carry: a message cut off would be in doubt.
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
