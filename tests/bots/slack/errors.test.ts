import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { refusal, toChannelError } from '../../../bots/slack/errors.ts';

const said = (error: string, more: object = {}) =>
  new webApi.WebAPIPlatformError({ ok: false, response_metadata: {}, ...more, error });
const http = (status: number) => new webApi.WebAPIHTTPError(status, '', {}, '<html>tajne</html>');
const network = (code: string) =>
  new webApi.WebAPIRequestError(
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }),
  );

describe('What goes wrong at Slack', () => {
  const table: [string, unknown, object][] = [
    ...['user_disabled', 'user_not_found', 'channel_not_found', 'is_archived'].map(
      (word) => [word, said(word), { code: 'RecipientGone', retryable: false }] as [string, unknown, object],
    ),
    ...['not_authed', 'invalid_auth', 'token_revoked', 'accesslimited', 'messages_tab_disabled'].map(
      (word) => [word, said(word), { code: 'Misconfigured', retryable: false }] as [string, unknown, object],
    ),
    [
      'a missing scope, by name',
      said('missing_scope', { needed: 'im:write' }),
      { code: 'Misconfigured', message: 'missing_scope: im:write' },
    ],
    [
      'a 429',
      new webApi.WebAPIRateLimitedError(30),
      { code: 'Throttled', retryable: true, retryAfterMs: 30_000 },
    ],
    [
      'ratelimited in a 200',
      said('ratelimited', { response_metadata: { retryAfter: 7 } }),
      { code: 'Throttled', retryAfterMs: 7000 },
    ],
    ['ratelimited without a time', said('ratelimited'), { code: 'Throttled', retryAfterMs: 1000 }],
    [
      'a message it will not take',
      said('invalid_blocks'),
      { code: 'Rejected', retryable: false, message: 'invalid_blocks' },
    ],
    ['its own fault half-way', said('fatal_error'), { code: 'Unavailable', maybeSent: true }],
    ['a 503', http(503), { code: 'Unavailable', retryable: true, maybeSent: false }],
    ['a 502', http(502), { code: 'Unavailable', maybeSent: true }],
    ['a wrong address', http(404), { code: 'Misconfigured' }],
    [
      'half an answer',
      said('{"ok":true,"ts":"170'),
      { code: 'Unavailable', maybeSent: true, message: 'unreadable answer' },
    ],
    ['nobody there', network('ECONNREFUSED'), { code: 'Unavailable', retryable: true, maybeSent: false }],
    ['a cut connection', network('ECONNRESET'), { code: 'Unavailable', maybeSent: true }],
    [
      'a timeout',
      new webApi.WebAPIRequestError(new DOMException('x', 'TimeoutError')),
      { code: 'Unavailable', maybeSent: true, message: 'no answer from Slack (timeout)' },
    ],
    ['an unsendable action', new RangeError('not a sendable action: x'), { code: 'Rejected' }],
  ];
  it.each(table)('%s', (_, error, meaning) => {
    const told = toChannelError(error, 'send');
    expect(told).toMatchObject(meaning);
    expect(told.cause).toBeUndefined();
    expect(told.message).not.toContain('tajne');
    expect(toChannelError(error, 'other').maybeSent).toBe(false);
  });

  it('is named by the platform itself only where it named it', () => {
    expect(refusal(said('invalid_blocks'))).toBe('invalid_blocks');
    expect(refusal(said('<html>'))).toBeNull();
    expect(refusal(http(500))).toBeNull();
  });
});
