import type { DiscordConfig } from './config.ts';

export type DiscordAnswer =
  | {
      readonly handle: string;
      /** How many servers the bot is on; null when Discord did not say. */
      readonly servers: number | null;
      /** The address that puts the bot on a server. */
      readonly inviteUrl: string | null;
      /** Anybody may put this bot on a server of theirs; null when Discord did not say. */
      readonly publicBot: boolean | null;
    }
  | { readonly refused: string };

/** View channels, send messages and attach files: what posting in a server's channels takes. */
const permissions = '35840';

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
    servers: 'body' in guilds && Array.isArray(guilds.body) ? guilds.body.length : null,
    inviteUrl: typeof app.id === 'string' ? inviteUrl(app.id) : null,
    publicBot: typeof app.bot_public === 'boolean' ? app.bot_public : null,
  };
}

function inviteUrl(applicationId: string): string {
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions,
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
