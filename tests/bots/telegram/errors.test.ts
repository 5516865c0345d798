import { TelegramError } from 'telegraf';
import { describe, expect, it } from 'vitest';
import { isUnchanged, toChannelError } from '../../../bots/telegram/errors.ts';

const refused = (
  code: number,
  description: string,
  parameters?: { retry_after?: number; migrate_to_chat_id?: number },
) =>
  new TelegramError(
    { error_code: code, description, ...(parameters ? { parameters } : {}) },
    { method: 'sendMessage', payload: { text: 'tajne' } },
  );
const fault = (code: string, message = 'request to http://x/bot1:secret/sendMessage failed') =>
  Object.assign(new Error(message), { name: 'FetchError', type: 'system', code });

const table: [string, Error, object][] = [
  ['blocked', refused(403, 'Forbidden: bot was blocked by the user'), { code: 'RecipientGone' }],
  ['deactivated', refused(403, 'Forbidden: user is deactivated'), { code: 'RecipientGone' }],
  ['unknown chat', refused(400, 'Bad Request: chat not found'), { code: 'RecipientGone' }],
  [
    'moved',
    refused(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1009 }),
    { code: 'RecipientGone', movedTo: '-1009' },
  ],
  ['bad token', refused(401, 'Unauthorized'), { code: 'Misconfigured' }],
  ['malformed token', refused(404, 'Not Found'), { code: 'Misconfigured' }],
  [
    'second reader',
    refused(409, 'Conflict: terminated by other getUpdates request'),
    { code: 'Misconfigured' },
  ],
  ['bad message', refused(400, "Bad Request: can't parse entities"), { code: 'Rejected' }],
  ['too large', refused(413, 'Request Entity Too Large'), { code: 'Rejected' }],
  [
    'too many',
    refused(429, 'Too Many Requests: retry after 35', { retry_after: 35 }),
    { code: 'Throttled', retryAfterMs: 35_000, retryable: true },
  ],
  ['too many, no time said', refused(429, 'Too Many Requests'), { code: 'Throttled', retryAfterMs: 1000 }],
  ['bad gateway', refused(502, 'Bad Gateway'), { code: 'Unavailable', retryable: true }],
  ['refused connection', fault('ECONNREFUSED'), { code: 'Unavailable', retryable: true }],
  ['no such host', fault('ENOTFOUND'), { code: 'Unavailable', retryable: true }],
  [
    'timed out while connecting',
    fault('ETIMEDOUT', 'request to http://x failed, reason: connect ETIMEDOUT 203.0.113.1:443'),
    { code: 'Unavailable', retryable: true },
  ],
  [
    'timed out while reading',
    fault('ETIMEDOUT', 'request to http://x failed, reason: read ETIMEDOUT'),
    { code: 'Unavailable', maybeSent: true },
  ],
  [
    'timed out while connecting, said with the system call',
    Object.assign(fault('ETIMEDOUT'), { syscall: 'connect' }),
    { code: 'Unavailable', retryable: true },
  ],
  [
    'timed out while reading, said with the system call',
    Object.assign(fault('ETIMEDOUT'), { syscall: 'read' }),
    { code: 'Unavailable', maybeSent: true },
  ],
  ['no connection in time', fault('UND_ERR_CONNECT_TIMEOUT'), { code: 'Unavailable', retryable: true }],
  [
    'no answer in time',
    fault('UND_ERR_HEADERS_TIMEOUT'),
    { code: 'Unavailable', maybeSent: true, message: 'no answer from Telegram (timeout)' },
  ],
  ['hung up', fault('UND_ERR_SOCKET'), { code: 'Unavailable', maybeSent: true }],
  ['reset', fault('ECONNRESET'), { code: 'Unavailable', maybeSent: true, retryable: false }],
  [
    'aborted',
    Object.assign(new Error('The user aborted a request.'), { name: 'AbortError', type: 'aborted' }),
    { code: 'Unavailable', maybeSent: true },
  ],
  [
    'half an answer',
    Object.assign(new Error('invalid json response body at http://x/bot1:secret/sendMessage'), {
      name: 'FetchError',
      type: 'invalid-json',
    }),
    { code: 'Unavailable', maybeSent: true },
  ],
];

describe('what goes wrong at Telegram', () => {
  it.each(table)('is named: %s', (_, error, meaning) => {
    const named = toChannelError(error, 'send');
    expect(named).toMatchObject(meaning);
    expect(`${named.message} ${named.stack}`).not.toMatch(/secret|tajne/);
    expect(named.cause).toBeUndefined();
  });

  it('never leaves an edit or a question in doubt: it is simply done again', () => {
    for (const [, error] of table) expect(toChannelError(error, 'other').maybeSent).toBe(false);
  });

  it('is nothing wrong when the message already shows just that', () => {
    expect(isUnchanged(refused(400, 'Bad Request: message is not modified: specified new …'))).toBe(true);
    expect(isUnchanged(refused(400, 'Bad Request: chat not found'))).toBe(false);
  });

  it('is told without what the platform quotes of us', () => {
    const error = refused(
      400,
      'Bad Request: can\'t parse entities: unsupported start tag "tajne" at byte offset 5',
    );
    expect(toChannelError(error, 'send').message).not.toContain('tajne');
    const leak = refused(400, 'Bad Request: bad address /bot123456:AAbbccddeeff-gg/x');
    expect(toChannelError(leak, 'send').message).not.toContain('AAbbccddeeff');
  });
});
