import type { DiscordConfig } from '../config.ts';
import { askDiscord, type DiscordServer } from '../discord-probe.ts';
import { bad, type Finding, note, ok, unusable } from './finding.ts';

/** The token, whether the bot is on a server, and what it may not do there. */
export async function examineDiscord(discord: DiscordConfig): Promise<Finding[]> {
  const answer = await askDiscord(discord);
  if ('refused' in answer) {
    if (answer.refused !== 'token')
      return [unusable('Discord', discord.apiUrl, answer.refused, 'DISCORD_API_URL')];
    const where = 'https://discord.com/developers/applications > your application > Bot > Reset Token';
    return [bad('Discord', `the token is refused: set DISCORD_BOT_TOKEN to a new one from ${where}`)];
  }
  const { handle, servers, inviteUrl, publicBot } = answer;
  const invite = inviteUrl ? `: put it on yours with ${inviteUrl}` : '';
  return [
    ok('Discord', `the token works, the bot is ${handle}`),
    ok(
      'Discord intents',
      'Guilds and DirectMessages; no switch under Bot > Privileged Gateway Intents is needed',
    ),
    ...(servers === null
      ? []
      : [
          servers.length > 0
            ? ok('Discord servers', `on ${servers.length}`)
            : bad('Discord servers', `the bot is on no server${invite}`),
          ...servers.flatMap(lacking),
        ]),
    ...(publicBot
      ? [
          note(
            'Discord bot',
            'anybody may put it on their server: switch off "Public Bot" under Installation and Bot',
          ),
        ]
      : []),
  ];
}

function lacking({ name, lacks }: DiscordServer): Finding[] {
  if (lacks.length === 0) return [];
  const where = 'Server Settings > Roles > the role of the bot > Permissions';
  return [note('Discord permissions', `on ${name} the bot lacks ${lacks.join(', ')}: switch on in ${where}`)];
}
