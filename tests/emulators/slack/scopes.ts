import { SlackError } from './failures.ts';
import type { Method } from './fields.ts';

/** What a bot token must have been given for each method; those left out need nothing. */
const needed: { readonly [M in Method]?: string } = {
  'bots.info': 'users:read',
  'conversations.open': 'im:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'users.conversations': 'channels:read',
  'users.lookupByEmail': 'users:read.email',
  'users.info': 'users:read',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
};

/** Without which Slack hands over no command and no private message, and lists no private channel. */
const others = ['commands', 'im:history', 'groups:read'];

export const allScopes: readonly string[] = [...new Set([...Object.values(needed), ...others])];

/** Throws the platform's refusal of a method whose scope was not given. */
export function checkScope(method: Method, given: readonly string[]): void {
  const scope = needed[method];
  if (scope === undefined || given.includes(scope)) return;
  throw new SlackError('missing_scope', { needed: scope, provided: given.join(',') });
}
