import { setTimeout as delay } from 'node:timers/promises';
import type { APIMessage } from 'discord.js';
import type { Aside, TakeEvent } from '../../../core/channels/channel-adapter.ts';
import { toChannelError } from '../errors.ts';
import { maxHistory } from '../limits.ts';
import { type Parsed, parseDispatch, parseMessage } from '../parse.ts';
import type { Answerer } from './answer.ts';
import type { DiscordApi } from './api.ts';
import type { DirectMessageMark, DirectMessages } from './direct-messages.ts';

export interface IntakeHooks {
  readonly onEvent: TakeEvent;
  /** Milliseconds before the next try after `failures` in a row. */
  backoffMs(failures: number): number;
  /** What one person wrote meanwhile could not be read back. */
  missed(detail: string): void;
}

/**
 * Calls of all kinds in a second up to which conversations are read back after a new session: the platform allows 50.
 * However busy it is, some are.
 */
const roomPerSecond = 40;
const leastPerSecond = 5;
const readBackTries = 8;

/** Takes what the gateway says: one person's events in the order they came, different people side by side. */
export class Intake {
  readonly #api: DiscordApi;
  readonly #directMessages: DirectMessages;
  readonly #answerer: Answerer;
  readonly #hooks: IntakeHooks;
  readonly #stopping = new AbortController();
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #answers = new Set<Promise<void>>();
  #turn: Promise<void> = Promise.resolve();

  constructor(api: DiscordApi, directMessages: DirectMessages, answerer: Answerer, hooks: IntakeHooks) {
    this.#api = api;
    this.#directMessages = directMessages;
    this.#answerer = answerer;
    this.#hooks = hooks;
  }

  take(type: string, data: unknown): void {
    const parsed = parseDispatch(type, data);
    if (parsed.kind === 'window') this.#inHand(this.#openWindow(parsed));
    if (parsed.kind === 'event') this.#takeEvent(parsed);
  }

  /** Beside everything else: the platform waits three seconds. */
  async #openWindow({ interaction, view, instead }: Parsed & { kind: 'window' }): Promise<void> {
    if (!(await this.#answerer.openWindow(interaction, view))) this.#takeEvent(instead);
  }

  #takeEvent(parsed: Parsed & { kind: 'event' }): void {
    const { event, interaction } = parsed;
    const taken = this.#inLane(event.externalId, () => this.#takeOnce(parsed));
    if (interaction) this.#inHand(this.#answerer.whenTaken(interaction, event.externalId, taken));
  }

  /** Reads what was written in every conversation known since it was last read: before anything that comes from now on. */
  readBack(): void {
    for (const mark of this.#directMessages.known) {
      void this.#inLane(mark.externalId, () => this.#readBack(mark)).catch(() => undefined);
    }
  }

  /** Lets what is in hand finish; what cannot be taken is let go. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled([...this.#lanes.values()]);
    await Promise.allSettled([...this.#answers]);
  }

  /** Resolves once durably taken; rejects only when stopped before. */
  async #takeOnce({ event, channelId, interaction }: Parsed & { kind: 'event' }): Promise<Aside | undefined> {
    const { externalId, externalEventId } = event;
    if (!interaction && this.#directMessages.isTaken(externalId, externalEventId)) return undefined;
    let aside: Aside | undefined;
    for (let failures = 1; ; failures++) {
      try {
        aside = await this.#hooks.onEvent(event);
        break;
      } catch {
        await this.#pause(this.#hooks.backoffMs(failures));
        this.#stopping.signal.throwIfAborted();
      }
    }
    if (channelId !== undefined && !interaction) {
      this.#directMessages.took(externalId, channelId, externalEventId);
    }
    return aside;
  }

  async #readBack(mark: DirectMessageMark): Promise<void> {
    let after = mark.lastMessageId;
    for (;;) {
      const page = await this.#page(mark.channelId, after);
      for (const message of page) {
        const parsed = parseMessage(message);
        if (parsed.kind === 'event') await this.#takeOnce(parsed);
      }
      const last = page.at(-1)?.id;
      // Also over what we said ourselves, or it would be read again after every start.
      if (last !== undefined) this.#directMessages.took(mark.externalId, mark.channelId, last);
      after = last ?? after;
      if (page.length < maxHistory) return;
    }
  }

  /** The messages after that one, oldest first; none when the platform goes on refusing. */
  async #page(channelId: string, after: string): Promise<APIMessage[]> {
    const query = new URLSearchParams({ after, limit: String(maxHistory) });
    for (let failures = 1; ; failures++) {
      await this.#room();
      this.#stopping.signal.throwIfAborted();
      try {
        const page = await this.#api.call<APIMessage[]>('GET', `/channels/${channelId}/messages`, { query });
        return page.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      } catch (cause) {
        const error = toChannelError(cause, 'other');
        if (error.code === 'RecipientGone') return [];
        if (!error.retryable || failures >= readBackTries) {
          this.#hooks.missed(error.message);
          return [];
        }
        await this.#pause(error.retryAfterMs ?? this.#hooks.backoffMs(failures));
      }
    }
  }

  /** One after another, as far as other calls leave room. */
  #room(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const end = performance.now() + 1000 / leastPerSecond;
      do await this.#pause(1000 / roomPerSecond);
      while (this.#api.callsLately() >= roomPerSecond && performance.now() < end);
    });
    return this.#turn;
  }

  #inLane<T>(externalId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(externalId) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        if (this.#lanes.get(externalId) === tail) this.#lanes.delete(externalId);
      });
    this.#lanes.set(externalId, tail);
    result.catch(() => undefined);
    return result;
  }

  #inHand(work: Promise<void>): void {
    const answer = work.finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }

  #pause(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
