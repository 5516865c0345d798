import { inspect } from 'node:util';
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { toChannelError } from '../../../bots/discord/errors.ts';

const secret = 'tajne słowa';
const refused = (status: number, code: number, message: string) =>
  new DiscordAPIError({ code, message }, code, status, 'POST', 'https://example.org/token', {
    body: { content: secret },
    files: undefined,
  });
const limit = (retryAfter: number, global: boolean) =>
  new RateLimitError({
    timeToReset: retryAfter,
    limit: 5,
    method: 'POST',
    hash: 'h',
    url: 'u',
    route: '/channels/:id/messages',
    majorParameter: '1',
    global,
    retryAfter,
    sublimitTimeout: 0,
    scope: 'user',
  });
const fault = (code: string) => Object.assign(new Error(secret), { code });
const aborted = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });

const table: [string, unknown, object][] = [
  ['an unknown channel', refused(404, 10_003, 'Unknown Channel'), { code: 'RecipientGone' }],
  ['an unknown person', refused(404, 10_013, 'Unknown User'), { code: 'RecipientGone' }],
  ['closed messages', refused(403, 50_007, 'Cannot send messages to this user'), { code: 'RecipientGone' }],
  ['no common server', refused(403, 50_278, 'no mutual guilds'), { code: 'RecipientGone' }],
  [
    'too many openings',
    refused(400, 40_003, 'opening direct messages too fast'),
    { code: 'Throttled', retryAfterMs: 30_000, retryable: true },
  ],
  ['a refused token', refused(401, 0, '401: Unauthorized'), { code: 'Misconfigured', retryable: false }],
  ['a bad message', refused(400, 50_035, 'Invalid Form Body'), { code: 'Rejected', retryable: false }],
  [
    'a forbidden one',
    refused(403, 50_005, 'Cannot edit a message authored by another user'),
    { code: 'Rejected' },
  ],
  ['a channel not seen', refused(403, 50_001, 'Missing Access'), { code: 'RecipientGone', retryable: false }],
  ['a channel not written in', refused(403, 50_013, 'Missing Permissions'), { code: 'RecipientGone' }],
  ['overload', refused(503, 130_000, 'overloaded'), { code: 'Unavailable', retryable: true }],
  ['a limit', limit(1500.2, false), { code: 'Throttled', retryAfterMs: 1501 }],
  ['the limit of all', limit(0, true), { code: 'Throttled', retryAfterMs: 1000 }],
  [
    '502',
    new HTTPError(502, 'Bad Gateway', 'POST', 'u', { body: {}, files: undefined }),
    { code: 'Unavailable', maybeSent: false },
  ],
  ['nobody listening', fault('ECONNREFUSED'), { code: 'Unavailable', maybeSent: false }],
  ['no connection in time', fault('UND_ERR_CONNECT_TIMEOUT'), { code: 'Unavailable', maybeSent: false }],
  ['a cut connection', fault('UND_ERR_SOCKET'), { code: 'Unavailable', maybeSent: true, retryable: false }],
  ['no answer in time', aborted, { code: 'Unavailable', maybeSent: true }],
  ['an answer cut short', new SyntaxError('Unexpected end of JSON input'), { maybeSent: true }],
  ['an impossible action', new RangeError('not a sendable action: x'), { code: 'Rejected' }],
];

describe('faults of Discord', () => {
  it.each(table)('%s', (_, error, meaning) => {
    const named = toChannelError(error, 'send');
    expect(named).toMatchObject(meaning);
    expect(inspect(named, { depth: 10 })).not.toContain(secret);
  });

  it('leave nothing in doubt that may be repeated', () => {
    expect(toChannelError(fault('UND_ERR_SOCKET'), 'other')).toMatchObject({
      maybeSent: false,
      retryable: true,
    });
  });

  it('say the platform’s words without what they quote', () => {
    expect(toChannelError(refused(400, 5, 'Value "tajne słowa" is wrong'), 'send').message).toBe(
      '400 5 Value … is wrong',
    );
  });
});
