import type { DiscordConfig } from './config.ts';

export interface DiscordServer {
  readonly name: string;
  /** What the bot may not do there that it needs, by the platform's own names. */
  readonly lacks: readonly string[];
}

export type DiscordAnswer =
  | {
      readonly handle: string;
      /** The servers the bot is on; null when Discord did not say. */
      readonly servers: readonly DiscordServer[] | null;
      /** The address that puts the bot on a server. */
      readonly inviteUrl: string | null;
      /** Anybody may put this bot on a server of theirs; null when Discord did not say. */
      readonly publicBot: boolean | null;
    }
  | { readonly refused: string };

/** What posting in a server's channels takes. */
const needed = { 'View Channels': 1n << 10n, 'Send Messages': 1n << 11n, 'Attach Files': 1n << 15n };
const administrator = 1n << 3n;

/** Asks Discord who the bot is and where. Never tells the token. */
export async function askDiscord(config: DiscordConfig, timeoutMs = 5000): Promise<DiscordAnswer> {
  const me = await ask(config, '/users/@me', timeoutMs);
  if ('refused' in me) return me;
  const [application, guilds] = await Promise.all([
    ask(config, '/applications/@me', timeoutMs),
    ask(config, '/users/@me/guilds', timeoutMs),
  ]);
  const app = 'body' in application ? (application.body as { id?: unknown; bot_public?: unknown }) : {};
  return {
    handle: String((me.body as { username?: unknown }).username ?? ''),
    servers: 'body' in guilds && Array.isArray(guilds.body) ? guilds.body.map(serverOf) : null,
    inviteUrl: typeof app.id === 'string' ? inviteUrl(app.id) : null,
    publicBot: typeof app.bot_public === 'boolean' ? app.bot_public : null,
  };
}

function serverOf(found: { name?: unknown; permissions?: unknown }): DiscordServer {
  const name = String(found.name ?? '');
  // Not said: not lacking either.
  if (typeof found.permissions !== 'string' || !/^\d{1,30}$/.test(found.permissions))
    return { name, lacks: [] };
  const held = BigInt(found.permissions);
  if ((held & administrator) !== 0n) return { name, lacks: [] };
  return {
    name,
    lacks: Object.entries(needed).flatMap(([permission, bit]) => ((held & bit) === 0n ? [permission] : [])),
  };
}

function inviteUrl(applicationId: string): string {
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: String(Object.values(needed).reduce((all, bit) => all | bit)),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

async function ask(
  { token, apiUrl }: DiscordConfig,
  path: string,
  timeoutMs: number,
): Promise<{ body: unknown } | { refused: string }> {
  try {
    const response = await fetch(`${apiUrl}/v10${path}`, {
      headers: { authorization: `Bot ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401) return { refused: 'token' };
    return response.ok ? { body: await response.json() } : { refused: `status ${response.status}` };
  } catch {
    return { refused: 'no answer' };
  }
}
