import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import type { DiscordOptions } from './discord/adapter.ts';
import type { SlackOptions } from './slack/adapter.ts';
import type { TelegramOptions } from './telegram/adapter.ts';
import { WebchatAdapter, type WebchatPlatform } from './webchat/adapter.ts';

export interface AdapterSettings {
  /** Off when absent. */
  readonly telegram?: Omit<TelegramOptions, 'log'>;
  readonly slack?: Omit<SlackOptions, 'log'>;
  readonly discord?: Omit<DiscordOptions, 'log'>;
  readonly webchat?: {
    readonly platform: WebchatPlatform;
    /** Where people reach Wici in a browser, "https://wici.example.org". */
    readonly url: string;
  };
  /** One line for the operator about a messenger's connection. */
  readonly log?: (level: 'info' | 'warn', message: string) => void;
}

/**
 * The messengers that are switched on, in the order channels are named. Nothing is connected yet. The SDK of one that is off
 * is not even loaded: together they take seconds.
 */
export async function buildAdapters(settings: AdapterSettings): Promise<Map<ChannelName, ChannelAdapter>> {
  const { telegram, slack, discord, webchat } = settings;
  const log = settings.log ? { log: settings.log } : {};
  // Discord's SDK must be loaded before Slack's.
  const onDiscord =
    discord && new (await import('./discord/adapter.ts')).DiscordAdapter({ ...discord, ...log });
  const adapters = [
    webchat && new WebchatAdapter(webchat.platform, webchat.url),
    telegram && new (await import('./telegram/adapter.ts')).TelegramAdapter({ ...telegram, ...log }),
    slack && new (await import('./slack/adapter.ts')).SlackAdapter({ ...slack, ...log }),
    onDiscord,
  ];
  return new Map(adapters.flatMap((adapter) => (adapter ? [[adapter.name, adapter] as const] : [])));
}
