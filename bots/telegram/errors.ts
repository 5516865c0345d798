import { TelegramError } from 'telegraf';
import { ChannelError } from '../../core/channels/channel-error.ts';

/** What was being done: a message that may show twice when repeated, or anything that may be repeated. */
export type Operation = 'send' | 'other';

/** Faults before a connection stood: nothing can have been sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const timeouts = new Set(['aborted', 'AbortError', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Telegram has one code, 400, for these: only its description tells them from a bad message. */
const goneDescription =
  /chat not found|user not found|PEER_ID_INVALID|user is deactivated|group chat was deactivated|not enough rights to send|have no rights to send|CHAT_WRITE_FORBIDDEN/i;
const unchangedDescription = /message is not modified/i;

/**
 * Names what went wrong in the contract's words. The cause is left behind on purpose: telegraf's errors carry the
 * payload (a person's text) and the address (the bot's token).
 */
export function toChannelError(error: unknown, operation: Operation): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof TelegramError) return refused(error);
  // Ours, before anything was sent: an action or address that no message can carry.
  if (error instanceof RangeError) return new ChannelError('Rejected', error.message);
  const code = codeOf(error);
  const sent = operation === 'send' && !(neverConnected.has(code) || connectTimedOut(error, code));
  return new ChannelError(
    'Unavailable',
    `no answer from Telegram (${code})`,
    sent ? { maybeSent: true } : {},
  );
}

/** The message already shows just that: a success. */
export function isUnchanged(error: unknown): boolean {
  return error instanceof TelegramError && error.code === 400 && unchangedDescription.test(error.description);
}

function refused(error: TelegramError): ChannelError {
  const { retry_after: retryAfter, migrate_to_chat_id: movedTo } = error.parameters ?? {};
  const message = `${error.code} ${describe(error.description)}`.trim();
  if (error.code === 429) {
    return new ChannelError('Throttled', message, {
      retryAfterMs: Math.max(1, Number(retryAfter) || 1) * 1000,
    });
  }
  if (movedTo !== undefined) return new ChannelError('RecipientGone', message, { movedTo: String(movedTo) });
  if (error.code >= 500) return new ChannelError('Unavailable', message);
  // A malformed token is answered with 404, a second reader of the same bot with 409.
  if ([401, 404, 409].includes(error.code)) return new ChannelError('Misconfigured', message);
  if (error.code === 403 || goneDescription.test(error.description)) {
    return new ChannelError('RecipientGone', message);
  }
  return new ChannelError('Rejected', message);
}

/** The platform's words without what they quote of ours. */
function describe(description: unknown): string {
  return String(description ?? '')
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .replace(/\d{3,}:[\w-]{8,}/g, '…')
    .slice(0, 200);
}

function codeOf(error: unknown): string {
  const { code, type, name } = (error ?? {}) as { code?: unknown; type?: unknown; name?: unknown };
  const known = [code, type, name].find((value) => typeof value === 'string' && /^[\w-]{1,60}$/.test(value));
  return timeouts.has(String(known)) || name === 'AbortError' ? 'timeout' : String(known ?? 'unknown fault');
}

/** ETIMEDOUT is said both while connecting and after: the difference stands in `syscall`, with node-fetch in the message alone. */
function connectTimedOut(error: unknown, code: string): boolean {
  if (code !== 'ETIMEDOUT' || !(error instanceof Error)) return false;
  if ('syscall' in error) return error.syscall === 'connect';
  return /reason: (?:connect .*)?$/s.test(error.message);
}
