import { DiscordEmulator } from '../../tests/emulators/discord/server.ts';
import { SlackEmulator } from '../../tests/emulators/slack/server.ts';
import type { SettledAddress } from '../../tests/reliability/wici.ts';

export interface Others {
  readonly variables: Record<string, string>;
  readonly addresses: readonly SettledAddress[];
}

/** People on Slack and Discord, where one message more than the limit is refused. */
export async function start({
  slack: many,
  discord: more,
}: {
  slack: number;
  discord: number;
}): Promise<Others> {
  const slack = await SlackEmulator.start({
    rates: { perConversationPerSecond: 5, perMinute: 300, retryAfter: 1 },
  });
  const discord = await DiscordEmulator.start({
    rates: { global: 50, perChannel: 5, windowMs: 5000, openings: 10 },
  });
  const onSlack = Array.from({ length: many }, () => ({
    channel: 'slack' as const,
    externalId: slack.person().id,
  }));
  const onDiscord = Array.from({ length: more }, () => {
    const person = discord.person();
    // Whoever joined has a conversation with the bot.
    person.account.opened = true;
    return { channel: 'discord' as const, externalId: person.id, threadId: person.account.channelId };
  });
  return {
    variables: {
      SLACK_BOT_TOKEN: slack.token,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
    },
    addresses: [...onSlack, ...onDiscord],
  };
}
