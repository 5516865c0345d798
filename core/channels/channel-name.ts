/** The messengers the core can reach people on. A new messenger adds its name here and one folder under bots/. */
export const channelNames = ['webchat', 'telegram', 'slack', 'discord'] as const;
export type ChannelName = (typeof channelNames)[number];
