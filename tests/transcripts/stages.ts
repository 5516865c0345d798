import type { ContractSubject } from '../contracts/channel-adapter.ts';
import { discord } from '../contracts/subjects/discord.ts';
import { socketSlack } from '../contracts/subjects/slack.ts';
import { polledTelegram } from '../contracts/subjects/telegram.ts';
import { webchatOver } from '../contracts/subjects/webchat.ts';
import type { Stage } from './screen.ts';

const over =
  (open: () => Promise<ContractSubject>): Stage =>
  async () => {
    const subject = await open();
    return () => subject;
  };

/** Every messenger through its real adapter against its stand-in. */
export const messengers: Readonly<Record<string, Stage>> = {
  'the web chat': async () => webchatOver,
  Telegram: over(polledTelegram),
  Slack: over(socketSlack),
  Discord: over(discord),
};
