import { type ChannelName, channelNames } from '../../core/channels/channel-name.ts';
import { type ChannelState, channelStates } from '../../core/store/channel-state.ts';
import type { Config } from '../config.ts';
import type { Running } from '../data-lock.ts';
import { openCore } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import { examineDiscord } from './discord.ts';
import { bad, type Finding, note, ok } from './finding.ts';
import { examineSlack } from './slack.ts';
import { examineTelegram } from './telegram.ts';

/** Each messenger: is its token right, may the bot do what it must, does the server hold the line, what passed last. */
export async function messengers(config: Config, running: Running | null): Promise<Finding[]> {
  const { telegram, slack, discord } = config;
  const [states, kept, ...asked] = await Promise.all([
    running ? runningStates(running) : null,
    keptStates(config),
    telegram ? examineTelegram(telegram) : off('Telegram', 'TELEGRAM_BOT_TOKEN', 'get one from @BotFather'),
    slack ? examineSlack(slack, config.url) : off('Slack', 'SLACK_BOT_TOKEN', guide(config, 'slack')),
    discord ? examineDiscord(discord) : off('Discord', 'DISCORD_BOT_TOKEN', guide(config, 'discord')),
  ]);
  const on: Readonly<Record<ChannelName, unknown>> = { webchat: true, telegram, slack, discord };
  return [
    ok('web chat', 'needs nothing'),
    ...asked.flat(),
    ...channelNames
      .filter((channel) => on[channel])
      .map((channel) => line(channel, config, states, kept.get(channel))),
  ];
}

const titles: Readonly<Record<ChannelName, string>> = {
  webchat: 'web chat line',
  telegram: 'Telegram line',
  slack: 'Slack line',
  discord: 'Discord line',
};

const guide = ({ url }: Config, channel: ChannelName) => `${url}/messengers/${channel} says how`;
const off = (what: string, variable: string, how: string) => [
  note(what, `off: set ${variable} in .env (${how})`),
];

/** What the running server says of the connection, and what passed last. */
function line(
  channel: ChannelName,
  config: Config,
  states: Readonly<Record<string, string>> | null,
  kept: ChannelState | undefined,
): Finding {
  const title = titles[channel];
  const passed = `last message in ${moment(kept?.last_in_at)}, out ${moment(kept?.last_out_at)}`;
  if (kept?.paused_at) {
    const where = `${config.url}/messengers`;
    return note(title, `paused by staff ${moment(kept.paused_at)}, resumed at ${where}; ${passed}`);
  }
  if (!states) return note(title, `not known, the server does not run or does not answer; ${passed}`);
  const state = states[channel];
  if (state === 'connected') return ok(title, `${state}${manner(channel, config)}; ${passed}`);
  if (state === undefined)
    return bad(title, `the running server does not know it: start it again; ${passed}`);
  const finding = state === 'connecting' ? note : bad;
  return finding(title, `${state}: the server's log and ${config.url}/messengers say why; ${passed}`);
}

function manner(channel: ChannelName, { telegram, slack }: Config): string {
  if (channel === 'telegram') return telegram?.webhook ? ' (by webhook)' : ' (polling)';
  if (channel === 'slack')
    return slack && 'appToken' in slack.receiving ? ' (socket)' : ' (Slack calls Wici)';
  return channel === 'discord' ? ' (gateway)' : '';
}

const moment = (at: number | null | undefined) => (at ? new Date(at).toISOString().slice(0, 16) : 'never');

async function runningStates({ local, url }: Running): Promise<Readonly<Record<string, string>> | null> {
  const address = local ?? url;
  if (!address) return null;
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(5000) });
    return ((await response.json()) as { messengers?: Record<string, string> }).messengers ?? null;
  } catch {
    return null;
  }
}

/** Nothing when the database cannot be used: that is a finding of its own. */
async function keptStates(config: Config): Promise<Map<ChannelName, ChannelState>> {
  try {
    const { core, database } = await openCore(config);
    try {
      return await channelStates(core.db);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof OperatorError) return new Map();
    throw error;
  }
}
