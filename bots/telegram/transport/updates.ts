import type { Aside, TakeEvent } from '../../../core/channels/channel-adapter.ts';
import { shorten } from '../../split-text.ts';
import { type InlineKeyboard, toggle } from '../choice.ts';
import { isUnchanged } from '../errors.ts';
import { maxAlert } from '../limits.ts';
import { type Parsed, parseUpdate, type Query } from '../parse.ts';
import type { BotApi } from './api.ts';

/** Says to the platform that a press arrived, and what came of it where that is known. */
type AnswerPress = (answer: PressAnswer) => void;

/** What answerCallbackQuery takes. */
export interface PressAnswer {
  readonly callback_query_id: string;
  readonly url?: string;
  readonly text?: string;
  readonly show_alert?: boolean;
}

/** How often the work of one update is tried: once, or until it succeeds. */
export type Patience = (work: () => Promise<void>) => Promise<void>;

/** Longer than two presses of one hand take to come one after another. */
const keyboardMemoryMs = 30_000;
const callTimeoutMs = 10_000;

/**
 * Takes updates: answers presses at once, turns the marks of multiple choices, hands the rest over.
 * Updates of one chat are taken in the order they came, different chats side by side.
 */
export class UpdateTaker {
  readonly #api: BotApi;
  readonly #onEvent: TakeEvent;
  readonly #link: (code: string) => string | null;
  readonly #chats = new Map<string, Promise<unknown>>();
  readonly #answers = new Set<Promise<unknown>>();
  /**
   * Keyboards just changed here: a second press may have been made before the first one's mark was shown, and then
   * brings the keyboard of before. A hint only: without it the press's own keyboard counts.
   */
  readonly #keyboards = new Map<string, { keyboard: InlineKeyboard; at: number }>();

  /** `link`: where an invitation's code leads. */
  constructor(api: BotApi, onEvent: TakeEvent, link: (code: string) => string | null) {
    this.#api = api;
    this.#onEvent = onEvent;
    this.#link = link;
  }

  /**
   * Resolves once the update is durably taken (or is nothing to us); rejects when `onEvent` did and patience ended. A press
   * is answered by a call, unless `answer` takes it.
   */
  take(raw: unknown, updateId: number, patience: Patience, answer = this.#call): Promise<void> {
    const parsed = parseUpdate(raw, updateId);
    // Whoever pressed in a group is answered there, once it is known what came of it.
    if (parsed.query && !inGroup(parsed)) answer({ callback_query_id: parsed.query.id });
    if (parsed.kind === 'ignored') return Promise.resolve();
    return this.#inOrder(parsed.chat, () => patience(() => this.#handle(parsed, raw, updateId, answer)));
  }

  /** The message shows something new: what was remembered of its buttons no longer holds. */
  forget(chat: string, messageId: number): void {
    this.#keyboards.delete(`${chat}:${messageId}`);
  }

  /** Resolves when nothing is in hand any more. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#chats.values(), ...this.#answers]);
  }

  async #handle(
    parsed: Exclude<Parsed, { kind: 'ignored' }>,
    raw: unknown,
    updateId: number,
    answer: AnswerPress,
  ): Promise<void> {
    const keyboard = parsed.query && this.#remembered(parsed.chat, parsed.query);
    if (parsed.kind === 'toggle') {
      return this.#toggle(parsed.chat, parsed.pressed, parsed.query, keyboard ?? parsed.query.keyboard);
    }
    const latest = keyboard ? parseUpdate(raw, updateId, keyboard) : parsed;
    const aside = await this.#onEvent(latest.kind === 'event' ? latest.event : parsed.event);
    if (parsed.query && inGroup(parsed)) {
      answer({ callback_query_id: parsed.query.id, ...(aside ? this.#said(aside) : {}) });
    }
  }

  async #toggle(chat: string, pressed: string, query: Query, before: InlineKeyboard | null): Promise<void> {
    const keyboard = before && toggle(before, pressed);
    if (!keyboard || query.messageId === null) return;
    const message = `${chat}:${query.messageId}`;
    // Before the call, so that an edit made meanwhile finds something to forget.
    this.#remember(message, keyboard);
    const payload = {
      chat_id: Number(chat),
      message_id: query.messageId,
      reply_markup: { inline_keyboard: keyboard },
    };
    try {
      await this.#api.call('editMessageReplyMarkup', payload, { timeoutMs: callTimeoutMs });
    } catch (error) {
      // A mark not turned is seen by the person, who presses again: no reason to hold up what comes after.
      if (!isUnchanged(error)) this.#keyboards.delete(message);
    }
  }

  #remember(message: string, keyboard: InlineKeyboard): void {
    const now = performance.now();
    for (const [key, { at }] of this.#keyboards) {
      if (now - at <= keyboardMemoryMs) break;
      this.#keyboards.delete(key);
    }
    this.#keyboards.delete(message);
    this.#keyboards.set(message, { keyboard, at: now });
  }

  #remembered(chat: string, { messageId }: Query): InlineKeyboard | undefined {
    const entry = this.#keyboards.get(`${chat}:${messageId}`);
    return entry && performance.now() - entry.at <= keyboardMemoryMs ? entry.keyboard : undefined;
  }

  /** At once, whatever comes of it: late answers are refused ("query is too old"), which harms nothing. */
  readonly #call: AnswerPress = (answer) => {
    const call = this.#api
      .call('answerCallbackQuery', answer, { timeoutMs: callTimeoutMs })
      .catch(() => undefined)
      .finally(() => this.#answers.delete(call));
    this.#answers.add(call);
  };

  /** A link of our own goes straight to the conversation with the bot; beside words it is only read. */
  #said({ text, invitation, enter }: Aside): Omit<PressAnswer, 'callback_query_id'> {
    const link = invitation === undefined ? null : this.#link(invitation);
    if (link !== null && enter) return { url: link };
    const room = link === null ? maxAlert : maxAlert - link.length - 1;
    const words = shorten(text, room);
    return { text: link === null ? words : `${words}\n${link}`, show_alert: true };
  }

  #inOrder(chat: string, work: () => Promise<void>): Promise<void> {
    const before = this.#chats.get(chat) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.#chats.get(chat) === tail) this.#chats.delete(chat);
      });
    this.#chats.set(chat, tail);
    return result;
  }
}

function inGroup(parsed: Parsed): boolean {
  return parsed.kind === 'event' && parsed.event.inGroup !== undefined;
}
