import { decodeAction } from '../../core/channels/action-token.ts';
import {
  componentsOf,
  type Person as DiscordPerson,
  labelsOf as discordLabels,
} from '../emulators/discord/person.ts';
import type { DiscordEmulator } from '../emulators/discord/server.ts';
import type { Person as SlackPerson } from '../emulators/slack/person.ts';
import { pressable } from '../emulators/slack/person.ts';
import type { SlackEmulator } from '../emulators/slack/server.ts';
import { buttonsOf, type Person as TelegramPerson } from '../emulators/telegram/person.ts';
import type { TelegramEmulator } from '../emulators/telegram/server.ts';

type Messenger = 'telegram' | 'slack' | 'discord' | 'webchat';

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
  /** Wici's messages, oldest first, without the first `from`. */
  shown(from?: number): Shown[];
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
    shown: (from = 0) =>
      person
        .shown()
        .slice(from)
        .map((message) => new OnTelegram(person, message)),
    say: (text) => person.say(text),
    reply: (to, text) => person.say(text, Number(to.id)),
  };
}

export function slackHand(slack: SlackEmulator): Hand {
  const person: SlackPerson = slack.person({ locale: 'pl-PL' });
  return {
    messenger: 'slack',
    address: person.id,
    shown: (from = 0) =>
      person
        .shown()
        .slice(from)
        .map((message) => new OnSlack(person, message)),
    say: (text) => void (text.startsWith('/') ? person.command(text.slice(1)) : person.say(text)),
    reply: (to, text) => void person.say(text, to.id.split(':')[1]),
  };
}

export function discordHand(discord: DiscordEmulator): Hand {
  const person: DiscordPerson = discord.person();
  return {
    messenger: 'discord',
    address: person.id,
    shown: (from = 0) =>
      person
        .shown()
        .slice(from)
        .map((message) => new OnDiscord(person, message)),
    say: (text) => person.say(text),
    reply: (to, text) => person.say(text, to.id),
  };
}

// Read only as far as asked: a world looks at all its messages many times a second.

class OnTelegram implements Shown {
  readonly #person: TelegramPerson;
  readonly #message: ReturnType<TelegramPerson['last']>;

  constructor(person: TelegramPerson, message: ReturnType<TelegramPerson['last']>) {
    this.#person = person;
    this.#message = message;
  }

  get id(): string {
    return String(this.#message.messageId);
  }

  get text(): string {
    return plain(this.#message.text);
  }

  get labels(): string[] {
    return buttonsOf(this.#message).map((b) => plain(b.text));
  }

  get token(): string | null {
    return tokenIn(buttonsOf(this.#message).map((b) => b.callback_data));
  }

  press(label: string): void {
    const data = buttonsOf(this.#message).find((b) => plain(b.text) === label)?.callback_data;
    if (data) this.#person.pressData(data, this.#message);
  }
}

class OnSlack implements Shown {
  readonly #person: SlackPerson;
  readonly #message: ReturnType<SlackPerson['last']>;

  constructor(person: SlackPerson, message: ReturnType<SlackPerson['last']>) {
    this.#person = person;
    this.#message = message;
  }

  get id(): string {
    return `${this.#message.channel}:${this.#message.ts}`;
  }

  get text(): string {
    return plain(this.#person.words(this.#message));
  }

  get labels(): string[] {
    return pressable(this.#message).map((e) => plain(e.label));
  }

  get token(): string | null {
    return tokenIn(pressable(this.#message).map((e) => e.value));
  }

  press(label: string): void {
    const element = pressable(this.#message).find((e) => plain(e.label) === label);
    if (element) void this.#person.pressElement(this.#message, element);
  }
}

class OnDiscord implements Shown {
  readonly #person: DiscordPerson;
  readonly #message: ReturnType<DiscordPerson['last']>;

  constructor(person: DiscordPerson, message: ReturnType<DiscordPerson['last']>) {
    this.#person = person;
    this.#message = message;
  }

  get id(): string {
    return this.#message.id;
  }

  get text(): string {
    return plain(this.#person.text(this.#message));
  }

  get labels(): string[] {
    return discordLabels(this.#message).map(plain);
  }

  get token(): string | null {
    const data = componentsOf(this.#message).map((c) => ('custom_id' in c ? c.custom_id : undefined));
    return tokenIn(data);
  }

  press(label: string): void {
    for (const component of componentsOf(this.#message)) {
      if (component.type === 2 && 'custom_id' in component && plain(component.label ?? '') === label)
        this.#person.pressData(component.custom_id, this.#message);
      if (component.type !== 3) continue;
      const option = component.options.find((o) => plain(o.label) === label);
      if (option) this.#person.select(component, [option.value], this.#message);
    }
  }
}
