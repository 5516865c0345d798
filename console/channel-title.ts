import type { ChannelName } from '../core/channels/channel-name.ts';
import type { View } from './context.ts';

/** The messenger's name as a heading. */
export function channelTitle({ t, language }: View, channel: ChannelName): string {
  const name = t(`delivery:channel.${channel}`);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
