import { webApi } from '@slack/bolt';
import { ChannelError } from '../../core/channels/channel-error.ts';

/** What was being done: a message that may show twice when repeated, or anything that may be repeated. */
export type Operation = 'send' | 'other';

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors: this person, conversation or channel is closed to us. */
const gone = new Set([
  'channel_not_found',
  'is_archived',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
  'users_not_found',
  'cannot_dm_bot',
  'not_in_channel',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_only_channel',
  'invalid_user_combination',
]);
/** The credential or the app's settings are wrong: nobody can be reached until the operator acts. */
const misconfigured = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'access_denied',
  // The workspace lets apps in from certain addresses only.
  'accesslimited',
  'team_access_not_granted',
  'team_disabled',
  'user_removed_from_team',
  'org_login_required',
  'ekm_access_denied',
  'messages_tab_disabled',
  'two_factor_setup_required',
]);
const throttled = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const unavailable = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org']);
/** "Some aspect of the operation may have succeeded before the error was raised." */
const inDoubt = new Set(['internal_error', 'fatal_error']);

/** Faults before a connection stood: nothing can have been sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Names what went wrong in the contract's words. The cause is left behind on purpose: the SDK's errors carry answers
 * that quote the payload (a person's text).
 */
export function toChannelError(error: unknown, operation: Operation): ChannelError {
  if (error instanceof ChannelError) return error;
  // Ours, before anything was sent: an action or address that no message can carry.
  if (error instanceof RangeError) return new ChannelError('Rejected', error.message);
  if (error instanceof webApi.WebAPIPlatformError) return refused(error.data, operation);
  if (error instanceof webApi.WebAPIRateLimitedError) return throttle(error.retryAfter, '429');
  if (error instanceof webApi.WebAPIHTTPError) return httpFault(error.statusCode, operation);
  const code = codeOf(error);
  const sent = operation === 'send' && !neverConnected.has(code);
  return new ChannelError('Unavailable', `no answer from Slack (${code})`, sent ? { maybeSent: true } : {});
}

/** The platform's own word for what it refused ("invalid_blocks"), or null. */
export function refusal(error: unknown): string | null {
  return error instanceof webApi.WebAPIPlatformError ? wordOf(error.data) : null;
}

/** What is looked at of a refusal; the rest may quote us. */
interface Refusal {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly response_metadata?: unknown;
}

function refused(data: Refusal, operation: Operation): ChannelError {
  const word = wordOf(data);
  // Half an answer, or a gateway's page: what became of the call is unknown.
  if (word === null) return doubtful('unreadable answer', operation);
  if (throttled.has(word)) return throttle(retryAfterOf(data), word);
  if (inDoubt.has(word)) return doubtful(word, operation);
  if (unavailable.has(word)) return new ChannelError('Unavailable', word);
  if (gone.has(word)) return new ChannelError('RecipientGone', word);
  if (misconfigured.has(word)) return new ChannelError('Misconfigured', `${word}${neededOf(data)}`);
  return new ChannelError('Rejected', word);
}

function httpFault(status: number, operation: Operation): ChannelError {
  const message = `HTTP ${status}`;
  if (status === 429) return throttle(undefined, message);
  // 503 is said before any work; after another fault of the server the message may be shown all the same.
  if (status === 503) return new ChannelError('Unavailable', message);
  if (status >= 500) return doubtful(message, operation);
  return new ChannelError([401, 403, 404].includes(status) ? 'Misconfigured' : 'Rejected', message);
}

function throttle(seconds: number | undefined, message: string): ChannelError {
  const retryAfterMs = Math.max(1, Number(seconds) || 1) * 1000;
  return new ChannelError('Throttled', message, { retryAfterMs });
}

function doubtful(message: string, operation: Operation): ChannelError {
  return new ChannelError('Unavailable', message, operation === 'send' ? { maybeSent: true } : {});
}

function wordOf(data: Refusal): string | null {
  return typeof data.error === 'string' && /^[a-z][a-z0-9_]{1,60}$/.test(data.error) ? data.error : null;
}

function retryAfterOf({ response_metadata: metadata }: Refusal): number | undefined {
  const after = (metadata as { retryAfter?: unknown } | undefined)?.retryAfter;
  return typeof after === 'number' ? after : undefined;
}

/** Which scope to add, where Slack says so. */
function neededOf({ needed }: Refusal): string {
  return typeof needed === 'string' && /^[\w:,. -]{1,120}$/.test(needed) ? `: ${needed}` : '';
}

function codeOf(error: unknown): string {
  for (let fault = error, depth = 0; fault && depth < 5; depth++) {
    const { code, name, cause, original } = fault as Record<'code' | 'name' | 'cause' | 'original', unknown>;
    if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
    if (typeof code === 'string' && /^[A-Z_\d]{3,60}$/.test(code)) return code;
    fault = original ?? cause;
  }
  return 'unknown fault';
}
