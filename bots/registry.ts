import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { DiscordAdapter, type DiscordOptions } from './discord/adapter.ts';
import { SlackAdapter, type SlackOptions } from './slack/adapter.ts';
import { TelegramAdapter, type TelegramOptions } from './telegram/adapter.ts';
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

/** The messengers that are switched on, in the order channels are named. Nothing is connected yet. */
export function buildAdapters(settings: AdapterSettings): Map<ChannelName, ChannelAdapter> {
  const { telegram, slack, discord, webchat, log } = settings;
  const adapters: ChannelAdapter[] = [];
  if (webchat) adapters.push(new WebchatAdapter(webchat.platform, webchat.url));
  if (telegram) adapters.push(new TelegramAdapter({ ...telegram, ...(log ? { log } : {}) }));
  if (slack) adapters.push(new SlackAdapter({ ...slack, ...(log ? { log } : {}) }));
  if (discord) adapters.push(new DiscordAdapter({ ...discord, ...(log ? { log } : {}) }));
  return new Map(adapters.map((adapter) => [adapter.name, adapter]));
}
