import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SlackConfig } from './config.ts';
import { projectRoot } from './paths.ts';

export type SlackAnswer =
  | {
      readonly handle: string;
      readonly workspace: string;
      /** What the ready-made manifest asks for and the token does not have; null when Slack did not say what it has. */
      readonly missingScopes: readonly string[] | null;
      /** Whether the socket may be opened; why not, in Slack's word; null when Slack calls Wici instead. */
      readonly socket: 'ok' | { readonly refused: string } | null;
    }
  | { readonly refused: string };

/** Asks Slack who the bot is, what it may do and whether the socket may be opened. Never tells a token. */
export async function askSlack(
  { token, apiUrl, receiving }: SlackConfig,
  timeoutMs = 5000,
): Promise<SlackAnswer> {
  const call = (method: string, bearer: string) => callSlack(`${apiUrl}/${method}`, bearer, timeoutMs);
  const who = await call('auth.test', token);
  if ('refused' in who) return who;
  const { user, team } = who.body;
  const missingScopes = who.scopes && wantedScopes().filter((scope) => !who.scopes?.includes(scope));
  const known = { handle: String(user ?? ''), workspace: String(team ?? ''), missingScopes };
  if (!('appToken' in receiving)) return { ...known, socket: null };
  const opened = await call('apps.connections.open', receiving.appToken);
  return { ...known, socket: 'refused' in opened ? opened : 'ok' };
}

interface Answered {
  readonly body: Readonly<Record<string, unknown>>;
  readonly scopes: readonly string[] | null;
}

async function callSlack(
  url: string,
  bearer: string,
  timeoutMs: number,
): Promise<Answered | { refused: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-www-form-urlencoded' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) return { refused: `status ${response.status}` };
    const body = (await response.json()) as Record<string, unknown>;
    if (body.ok !== true) return { refused: String(body.error ?? 'no reason given') };
    const scopes = response.headers.get('x-oauth-scopes');
    return { body, scopes: scopes === null ? null : scopes.split(/\s*,\s*/) };
  } catch {
    return { refused: 'no answer' };
  }
}

/** The bot's scopes in the manifest operators paste: what that app asks for is what is needed. */
function wantedScopes(): string[] {
  const manifest = readFileSync(join(projectRoot, 'bots', 'slack', 'manifest.yaml'), 'utf8');
  const [, list = ''] = /^ {2}scopes:\n {4}bot:\n((?: {6}- .+\n)+)/m.exec(manifest) ?? [];
  return [...list.matchAll(/- (\S+)/g)].map(([, scope = '']) => scope);
}
