import { decodeAction } from '../../core/channels/action-token.ts';
import type { Person as DiscordPerson } from '../emulators/discord/person.ts';
import { labelsOf as discordLabels } from '../emulators/discord/person.ts';
import type { DiscordEmulator } from '../emulators/discord/server.ts';
import type { Person as SlackPerson } from '../emulators/slack/person.ts';
import { pressable } from '../emulators/slack/person.ts';
import type { SlackEmulator } from '../emulators/slack/server.ts';
import { buttonsOf, type Person as TelegramPerson } from '../emulators/telegram/person.ts';
import type { TelegramEmulator } from '../emulators/telegram/server.ts';

export type Messenger = 'telegram' | 'slack' | 'discord';

export interface Shown {
  /** As Wici knows it. */
  readonly id: string;
  readonly text: string;
  readonly labels: readonly string[];
  /** Of the delivery, while there are buttons. */
  readonly token: string | null;
  press(label: string): void;
}

/** Somebody with one messenger in their hand. */
export interface Hand {
  readonly messenger: Messenger;
  readonly address: string;
  /** Wici's messages, oldest first. */
  shown(): Shown[];
  say(text: string): void;
  /** Answers that message of Wici's. */
  reply(to: Shown, text: string): void;
}

export interface Messengers {
  readonly telegram: TelegramEmulator;
  readonly slack: SlackEmulator;
  readonly discord: DiscordEmulator;
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const tokenIn = (data: readonly (string | undefined)[]) =>
  data.map((d) => decodeAction(d?.replace(/#\d+$/, '') ?? '')?.token).find((t) => t !== undefined) ?? null;

export function telegramHand(telegram: TelegramEmulator, id: number): Hand {
  const person: TelegramPerson = telegram.person({ id });
  person.chat.state = 'open';
  return {
    messenger: 'telegram',
    address: person.id,
    shown: () =>
      person.shown().map((message) => {
        const buttons = buttonsOf(message);
        return {
          id: String(message.messageId),
          text: plain(message.text),
          labels: buttons.map((b) => plain(b.text)),
          token: tokenIn(buttons.map((b) => b.callback_data)),
          press: (label) => {
            const data = buttons.find((b) => plain(b.text) === label)?.callback_data;
            if (data) person.pressData(data, message);
          },
        };
      }),
    say: (text) => person.say(text),
    reply: (to, text) => person.say(text, Number(to.id)),
  };
}

export function slackHand(slack: SlackEmulator): Hand {
  const person: SlackPerson = slack.person({ locale: 'pl-PL' });
  return {
    messenger: 'slack',
    address: person.id,
    shown: () =>
      person.shown().map((message) => {
        const elements = pressable(message);
        return {
          id: `${message.channel}:${message.ts}`,
          text: plain(person.words(message)),
          labels: elements.map((e) => plain(e.label)),
          token: tokenIn(elements.flatMap((e) => [e.value, e.blockId, e.actionId])),
          press: (label) => {
            const element = elements.find((e) => plain(e.label) === label);
            if (element) void person.pressElement(message, element);
          },
        };
      }),
    say: (text) => void (text.startsWith('/') ? person.command(text.slice(1)) : person.say(text)),
    reply: (to, text) => void person.say(text, to.id.split(':')[1]),
  };
}

export function discordHand(discord: DiscordEmulator): Hand {
  const person: DiscordPerson = discord.person();
  return {
    messenger: 'discord',
    address: person.id,
    shown: () =>
      person.shown().map((message) => ({
        id: message.id,
        text: plain(person.text(message)),
        labels: discordLabels(message).map(plain),
        token: tokenIn(
          (message.components ?? []).flatMap((row) =>
            'components' in row
              ? row.components.map((c) => ('custom_id' in c ? c.custom_id : undefined))
              : [],
          ),
        ),
        press: (label) => {
          for (const row of message.components ?? []) {
            if (!('components' in row)) continue;
            for (const component of row.components) {
              if (component.type === 2 && 'custom_id' in component && plain(component.label ?? '') === label)
                person.pressData(component.custom_id, message);
              if (component.type !== 3) continue;
              const option = component.options.find((o) => plain(o.label) === label);
              if (option) person.select(component, [option.value], message);
            }
          }
        },
      })),
    say: (text) => person.say(text),
    reply: (to, text) => person.say(text, to.id),
  };
}
