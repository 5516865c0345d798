import type { Chat, Message } from './chats.ts';
import { buttonsOf, type Person } from './person.ts';
import type { Platform, Query } from './platform.ts';

/** A supergroup: many people, and the bot once somebody has added it. */
export class Group {
  readonly chat: Chat;
  readonly #platform: Platform;

  constructor(platform: Platform, chat: Chat) {
    this.#platform = platform;
    this.chat = chat;
  }

  get id(): string {
    return String(this.chat.user.id);
  }

  /** A member adds the bot. */
  letIn(by: Person): void {
    this.#platform.membership(this.chat, 'member', by.chat.user);
  }

  /** An administrator removes it. */
  letOut(by: Person): void {
    this.#platform.membership(this.chat, 'kicked', by.chat.user);
  }

  /** The bot stays and may not write. */
  mute(): void {
    if (this.chat.group) this.chat.group.muted = true;
  }

  /** A member gives it another name: that is told as a message of the platform's own. */
  rename(by: Person, title: string): void {
    if (this.chat.group) this.chat.group.title = title;
    this.#platform.receive(this.chat, { text: '', extra: { new_chat_title: title } }, by.chat.user);
  }

  say(by: Person, text: string): Message {
    return this.#platform.receive(this.chat, { text }, by.chat.user);
  }

  /** A member presses the button labelled so, on the newest message that has it; what the platform knows of that press. */
  press(by: Person, label: string): Query {
    for (const message of this.shown().toReversed()) {
      const data = buttonsOf(message).find((b) => b.text === label)?.callback_data;
      if (data) return this.pressData(by, data, message);
    }
    throw new Error(`no button "${label}" is shown`);
  }

  /** Presses with data of one's own making. */
  pressData(by: Person, data: string, message: Message | undefined = this.shown().at(-1)): Query {
    if (!message) throw new Error('nothing is shown to press on');
    const query = this.#platform.queries.get(this.#platform.press(this.chat, message, data, by.chat.user));
    if (!query) throw new Error('the press is not known');
    return query;
  }

  /** The bot's messages as they stand now, oldest first. */
  shown(): Message[] {
    return this.chat.messages.filter((m) => m.from === 'bot');
  }
}
