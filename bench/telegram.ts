import { Child } from './child.ts';

export interface Counts {
  readonly sent: number;
  readonly edited: number;
  readonly answered: number;
  /** With 429. */
  readonly refused: number;
  readonly invalid: number;
  /** Moments of the first and last message, milliseconds of the stand-in's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Presses {
  /** Which button: a pattern for what it carries. */
  readonly pattern: string;
  readonly count: number;
  readonly atOnce?: number;
  readonly everyMs?: number;
  /** Waits until each message shows something new. */
  readonly edits?: boolean;
}

export interface Pressed {
  readonly seconds: number;
  readonly secondsToEdited: number;
  /** Milliseconds from each press to its acknowledgement. */
  readonly acknowledged: readonly number[];
  /** Milliseconds from each press to its message showing something new. */
  readonly edited: readonly number[];
}

/** The stand-in for Telegram, in a process of its own. */
export class Telegram {
  readonly #child: Child<{ url: string; token: string }>;

  private constructor(child: Child<{ url: string; token: string }>) {
    this.#child = child;
  }

  static async start(): Promise<Telegram> {
    return new Telegram(await Child.start('standins/telegram.mjs'));
  }

  get url(): string {
    return this.#child.ready.url;
  }

  get token(): string {
    return this.#child.ready.token;
  }

  /** Counts from nothing; `perSecond` 0 = no limit. */
  reset(perSecond = 0): Promise<null> {
    return this.#child.ask('reset', { perSecond });
  }

  /** Forgets all messages. */
  forget(): Promise<null> {
    return this.#child.ask('forget');
  }

  counts(): Promise<Counts> {
    return this.#child.ask('counts');
  }

  /** How many messages each chat holds. */
  perChat(): Promise<number[]> {
    return this.#child.ask('perChat');
  }

  /** Shows a message with one button in chats 1…count. */
  show(count: number, data: string): Promise<null> {
    return this.#child.ask('show', { count, data });
  }

  listen(webhook: { url: string; secret: string }): Promise<null> {
    return this.#child.ask('listen', webhook);
  }

  press(presses: Presses): Promise<Pressed> {
    return this.#child.ask('press', presses);
  }

  /** A person writes to the bot; resolves with the moment it sends its next message, epoch milliseconds. */
  say(chat: number, text: string): Promise<number> {
    return this.#child.ask('say', { chat, text });
  }

  async cpuMs(): Promise<number> {
    const { user, system } = await this.#child.ask<NodeJS.CpuUsage>('cpu');
    return (user + system) / 1000;
  }

  end(): Promise<void> {
    return this.#child.end();
  }
}
