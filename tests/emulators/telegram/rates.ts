import { tooManyRequests } from './failures.ts';

export interface Rates {
  /** Messages a second in all. */
  readonly perSecond: number;
  /** Messages a second to one chat. */
  readonly perChatPerSecond: number;
  /** Asked to wait, in whole seconds. */
  readonly retryAfter: number;
}

/** Counts messages in windows of one second, as strict as told. */
export class RateLimiter {
  readonly #rates: Rates | null;
  readonly #now: () => number;
  #window = 0;
  #all = 0;
  readonly #chats = new Map<number, number>();

  constructor(rates: Rates | null, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Throws the platform's 429 when this message is one too many. */
  count(chatId: number): void {
    if (!this.#rates) return;
    const window = Math.floor(this.#now() / 1000);
    if (window !== this.#window) {
      this.#window = window;
      this.#all = 0;
      this.#chats.clear();
    }
    const ofChat = (this.#chats.get(chatId) ?? 0) + 1;
    if (this.#all + 1 > this.#rates.perSecond || ofChat > this.#rates.perChatPerSecond) {
      throw tooManyRequests(this.#rates.retryAfter);
    }
    this.#all += 1;
    this.#chats.set(chatId, ofChat);
  }
}
