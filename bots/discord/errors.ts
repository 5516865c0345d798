import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { openingRefusedMs } from './limits.ts';

/** What was being done: a message that may show twice when repeated, or anything that may be repeated. */
export type Operation = 'send' | 'other';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
export const unknownChannel = 10_003;
const unknownMessage = 10_008;
const unknownUser = 10_013;
const cannotMessage = 50_007;
const noCommonServer = 50_278;
/** A server's channel the bot may not see, or not write in. */
const missingAccess = 50_001;
const missingPermissions = 50_013;
const openingTooFast = 40_003;
const overloaded = 130_000;
const gone = new Set<number | string>([
  ...[unknownChannel, unknownUser, cannotMessage, noCommonServer],
  ...[missingAccess, missingPermissions],
]);

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

/**
 * Names what went wrong in the contract's words. The cause is left behind on purpose: discord.js's errors carry the
 * payload (a person's text) and the address (an interaction's token).
 */
export function toChannelError(error: unknown, operation: Operation): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof RateLimitError) return throttled(error);
  if (error instanceof DiscordAPIError) return refused(error);
  if (error instanceof HTTPError) return new ChannelError('Unavailable', `${error.status} from Discord`);
  // Ours, before anything was sent: an action or address that no message can carry.
  if (error instanceof RangeError) return new ChannelError('Rejected', error.message);
  const code = codeOf(error);
  const sent = operation === 'send' && !neverConnected.has(code);
  return new ChannelError('Unavailable', `no answer from Discord (${code})`, sent ? { maybeSent: true } : {});
}

/** How long a limit of one conversation alone still lasts, milliseconds; null for any other error. */
export function ownLimitMs(error: unknown): number | null {
  return error instanceof RateLimitError && !error.global && error.scope === 'user' ? error.retryAfter : null;
}

export function isUnknownMessage(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === unknownMessage;
}

export function isUnknownChannel(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === unknownChannel;
}

function throttled(error: RateLimitError): ChannelError {
  const retryAfterMs = Math.max(1, Math.ceil(error.retryAfter) || 1000);
  return new ChannelError('Throttled', `429 ${error.global ? 'global' : error.scope} limit`, {
    retryAfterMs,
  });
}

function refused(error: DiscordAPIError): ChannelError {
  const message = `${error.status} ${error.code ?? ''} ${describe(error.rawError)}`
    .replace(/\s+/g, ' ')
    .trim();
  if (gone.has(error.code)) return new ChannelError('RecipientGone', message);
  if (error.code === openingTooFast) {
    return new ChannelError('Throttled', message, { retryAfterMs: openingRefusedMs });
  }
  if (error.status === 401) return new ChannelError('Misconfigured', message);
  if (error.status >= 500 || error.code === overloaded) return new ChannelError('Unavailable', message);
  return new ChannelError('Rejected', message);
}

/** The platform's words without what they quote of ours. */
function describe(raw: DiscordAPIError['rawError']): string {
  const words = 'message' in raw && typeof raw.message === 'string' ? raw.message : '';
  return words.replace(/"[^"]*"|'[^']*'/g, '…').slice(0, 200);
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === 'AbortError') return 'timeout';
  const known = [code, name].find((value) => typeof value === 'string' && /^[\w-]{1,60}$/.test(value));
  return String(known ?? 'unknown fault');
}
