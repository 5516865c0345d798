import type { webApi } from '@slack/bolt';

/** Who the bot is at Slack. */
export interface Self {
  readonly userId: string;
  readonly teamId: string;
  /** The app's own id, which links need; null when the token may not read it (scope users:read). */
  readonly appId: string | null;
  readonly handle: string;
}

/** Asks Slack; rejects as the SDK does. */
export async function whoAmI(client: webApi.WebClient): Promise<Self> {
  const { user_id: userId, team_id: teamId, bot_id: bot, user } = await client.auth.test();
  if (!userId || !teamId) throw new Error('unreadable answer');
  const appId = bot ? await appOf(client, bot) : null;
  return { userId, teamId, appId, handle: user ?? userId };
}

async function appOf(client: webApi.WebClient, bot: string): Promise<string | null> {
  try {
    return (await client.bots.info({ bot })).bot?.app_id ?? null;
  } catch {
    return null;
  }
}
