import { DiscordEmulator } from '../emulators/discord/server.ts';
import { pressable } from '../emulators/slack/person.ts';
import { SlackEmulator } from '../emulators/slack/server.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import type { SettledAddress } from '../reliability/wici.ts';
import { until } from '../support/until.ts';

/** Somebody looking at what a messenger shows them. */
export interface Reader {
  readonly address: SettledAddress;
  /** The app's messages as they stand now: their words, and what can be pressed on them. */
  screens(): Screen[];
  /** Presses the newest button labelled so. False when the messenger says that nothing came of it. */
  press(label: string): Promise<boolean>;
  /** Gives a command, as one does there. */
  command(name: string): void;
}

export interface Screen {
  readonly words: string;
  readonly labels: readonly string[];
  /** What its pictures and files are called. */
  readonly files: readonly string[];
}

/** A messenger with people on it, which can be killed and brought back with all that it knows. */
export interface Crowd {
  readonly channel: SettledAddress['channel'];
  /** What tells Wici of it. */
  readonly variables: Record<string, string>;
  readonly readers: readonly Reader[];
  /** Whether it is there. */
  up(): boolean;
  kill(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

interface StandIn {
  readonly port: number;
  hangUp(): Promise<void>;
  listen(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Longer than this no messenger keeps somebody waiting who pressed. */
const patienceMs = 3000;

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const times = <T>(many: number, make: (n: number) => T) => Array.from({ length: many }, (_, n) => make(n));

function mortal(standIn: StandIn): Pick<Crowd, 'up' | 'kill' | 'bringBack' | 'close'> {
  let up = true;
  return {
    up: () => up,
    kill: () => {
      up = false;
      return standIn.hangUp();
    },
    bringBack: async () => {
      await standIn.listen(standIn.port);
      up = true;
    },
    close: () => standIn.close(),
  };
}

export async function telegramCrowd(many: number): Promise<Crowd & { readonly telegram: TelegramEmulator }> {
  const telegram = await TelegramEmulator.start();
  const readers = times(many, (n): Reader => {
    const person = telegram.person({ id: 7_000_001 + n });
    person.chat.state = 'open';
    return {
      address: { channel: 'telegram', externalId: person.id },
      screens: () =>
        person.shown().map((message) => ({
          words: plain(message.text),
          labels: person.labels(message).map(plain),
          files: message.media ? [message.media.name] : [],
        })),
      // Telegram keeps a press until somebody asks for it.
      press: async (label) => {
        const shown = person
          .shown()
          .toReversed()
          .flatMap((message) => person.labels(message));
        person.press(shown.find((l) => plain(l) === label) ?? label);
        return true;
      },
      command: (name) => void person.say(`/${name}`),
    };
  });
  const variables = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    TELEGRAM_MESSAGES_PER_SECOND: '60',
  };
  return { channel: 'telegram', variables, readers, telegram, ...mortal(telegram) };
}

export async function slackCrowd(many: number): Promise<Crowd & { readonly slack: SlackEmulator }> {
  const slack = await SlackEmulator.start();
  const readers = times(many, (): Reader => {
    const person = slack.person();
    return {
      address: { channel: 'slack', externalId: person.id },
      screens: () =>
        person.shown().map((message) => ({
          words: plain(person.words(message)),
          labels: pressable(message).map((e) => plain(e.label)),
          files: person.files(message),
        })),
      press: async (label) => {
        const shown = person.shown().toReversed().flatMap(pressable);
        return (await person.press(shown.find((e) => plain(e.label) === label)?.label ?? label)) === 'taken';
      },
      command: (name) => void person.command(name),
    };
  });
  const variables = {
    SLACK_BOT_TOKEN: slack.token,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_MESSAGES_PER_SECOND: '60',
  };
  return { channel: 'slack', variables, readers, slack, ...mortal(slack) };
}

export async function discordCrowd(many: number): Promise<Crowd & { readonly discord: DiscordEmulator }> {
  const discord = await DiscordEmulator.start();
  const readers = times(many, (): Reader => {
    const person = discord.person();
    // Whoever joined has a conversation with the bot.
    person.account.opened = true;
    return {
      address: { channel: 'discord', externalId: person.id, threadId: person.account.channelId },
      screens: () =>
        person.shown().map((message) => ({
          words: plain(person.text(message)),
          labels: person.labels(message).map(plain),
          files: message.attachments.map(({ filename }) => filename),
        })),
      press: async (label) => {
        const shown = person
          .shown()
          .toReversed()
          .flatMap((message) => person.labels(message));
        const asked = person.press(shown.find((l) => plain(l) === label) ?? label);
        return until(() => asked.answer !== null, patienceMs).then(
          () => true,
          () => false,
        );
      },
      command: (name) => void person.slash(name),
    };
  });
  const variables = { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: discord.url };
  return { channel: 'discord', variables, readers, discord, ...mortal(discord) };
}
