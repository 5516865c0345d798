import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type { Logger };

/** Fields that may hold a person's words or a credential, wherever they stand: their value is never written. */
const withheld = ['text', 'title', 'name', 'displayName', 'email', 'args', 'values', 'message_text', 'body'];
const credentials = ['token', 'secret', 'password', 'authorization', 'cookie', 'code', 'url', 'data'];
const everywhere = [...withheld, ...credentials].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * Machine-readable lines for the operator, on standard error. Holds ids, codes and counts only: never a person's words,
 * never a secret, also not inside an error's message.
 */
export function createLogger(
  level: Config['logLevel'],
  secrets: readonly string[] = [],
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: everywhere, censor: '[withheld]' },
      serializers: {
        err: (error: unknown) => describeFault(error, secrets),
        error: (e) => describeFault(e, secrets),
      },
    },
    stream,
  );
}

export interface Fault {
  readonly type: string;
  readonly reason?: string | undefined;
  readonly message?: string;
  readonly stack?: string | undefined;
}

/** What may be told of an error: its kind, its code, where it happened, and its message without quoted words. */
export function describeFault(error: unknown, secrets: readonly string[] = []): Fault {
  if (!(error instanceof Error)) return { type: typeof error };
  const reason = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    reason,
    message: withoutWords(error.message, secrets),
    stack: frames?.slice(0, 8).join('\n'),
  };
}

/** A message without what it quotes and without anything that looks like a credential. */
export function withoutWords(message: string, secrets: readonly string[] = []): string {
  return secrets
    .reduce((text, secret) => text.replaceAll(secret, '[secret]'), message)
    .replace(/\d{3,}:[\w-]{20,}/g, '[secret]')
    .replace(/\/\/[^/\s@]+@/g, '//[secret]@')
    .replace(/"[^"]*"?|'[^']*'?|`[^`]*`?|„[^”]*”?/g, '…')
    .slice(0, 200);
}
