import type { Button, Chat, Message } from './chats.ts';
import type { Platform } from './platform.ts';

/** A person with the messenger in their hand. */
export class Person {
  readonly chat: Chat;
  readonly #platform: Platform;

  constructor(platform: Platform, chat: Chat) {
    this.#platform = platform;
    this.chat = chat;
  }

  get id(): string {
    return String(this.chat.user.id);
  }

  /** Presses Start, or opens `t.me/<bot>?start=<payload>`. */
  start(payload = ''): Message {
    return this.say(payload === '' ? '/start' : `/start ${payload}`);
  }

  /** Writes; answering `replyTo`, a message's id, when given. Whoever writes lets the bot in. */
  say(text: string, replyTo?: number): Message {
    this.#open();
    return this.#platform.receive(this.chat, { text, ...(replyTo === undefined ? {} : { replyTo }) });
  }

  /** Sends something that is not words, as the platform's JSON: `{ sticker: {…} }`. */
  sendOther(extra: Record<string, unknown>): Message {
    this.#open();
    return this.#platform.receive(this.chat, { text: '', extra });
  }

  sendPhoto(caption = ''): Message {
    this.#open();
    const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
    const fileId = this.#platform.keep({ name: 'photo.png', bytes });
    const media = { kind: 'photo', fileId, name: 'photo.png' };
    return this.#platform.receive(this.chat, { text: caption, media });
  }

  /** Presses the button labelled so, on the newest message that has it; returns the query's id. */
  press(label: string): string {
    for (const message of this.shown().toReversed()) {
      const data = buttonsOf(message).find((b) => b.text === label)?.callback_data;
      if (data) return this.pressData(data, message);
    }
    throw new Error(`no button "${label}" is shown`);
  }

  /** Presses with data of one's own making, as a forged client may. */
  pressData(data: string, message: Message | undefined = this.shown().at(-1)): string {
    if (!message) throw new Error('nothing is shown to press on');
    return this.#platform.press(this.chat, message, data);
  }

  block(): void {
    this.#platform.membership(this.chat, 'kicked');
  }

  unblock(): void {
    this.#platform.membership(this.chat, 'member');
  }

  deactivate(): void {
    this.chat.state = 'deactivated';
  }

  /** The bot's messages as they stand now, oldest first. */
  shown(): Message[] {
    return this.chat.messages.filter((m) => m.from === 'bot');
  }

  last(): Message {
    const message = this.shown().at(-1);
    if (!message) throw new Error('nothing is shown');
    return message;
  }

  labels(message: Message = this.last()): string[] {
    return buttonsOf(message).map((b) => b.text);
  }

  #open(): void {
    if (this.chat.state === 'blocked') this.unblock();
    this.chat.state = 'open';
  }
}

export function buttonsOf(message: Message): Button[] {
  return message.markup?.inline_keyboard.flat() ?? [];
}
