import { setTimeout as delay } from 'node:timers/promises';
import type { types } from '@slack/bolt';
import type { TakeEvent } from '../../../core/channels/channel-adapter.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { type Parsed, parseDelivery } from '../parse.ts';

export interface TakerHooks {
  readonly onEvent: TakeEvent;
  /** Name and language of whoever it is from. */
  profile(user: string): Promise<Pick<InboundEvent, 'displayName' | 'languageHint'>>;
  learn(user: string, conversation: string): void;
  openWindow(triggerId: string, view: types.ModalView): Promise<void>;
  rateLimited(): void;
  backoffMs(failures: number): number;
}

/**
 * Longer than this a refused event is not tried again here. Slack itself repeats events for some minutes more, but never
 * a press or a command.
 */
const patienceMs = 30_000;

/** Takes what Slack delivers: resolves once it is durably taken, and only then is Slack told so. */
export class DeliveryTaker {
  readonly #hooks: TakerHooks;
  readonly #self: string;
  readonly #people = new Map<string, Promise<unknown>>();
  /** Slack sends again what is not acknowledged in three seconds: the second copy waits for the first. */
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #windows = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(self: string, hooks: TakerHooks) {
    this.#self = self;
    this.#hooks = hooks;
  }

  /** The answer for Slack. Rejects when the event could not be taken. */
  async take(body: unknown): Promise<object | undefined> {
    if (this.#closing.signal.aborted) throw new Error('closing');
    const parsed = parseDelivery(body, this.#self);
    if (parsed.kind === 'rateLimited') this.#hooks.rateLimited();
    if (parsed.kind === 'window') this.#open(parsed);
    if (parsed.kind === 'event') {
      if (parsed.conversation) this.#hooks.learn(parsed.event.externalId, parsed.conversation);
      await this.#once(parsed.event);
    }
    return undefined;
  }

  /** Nothing new is taken; resolves when nothing is in hand any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#inHand.values(), ...this.#windows]);
  }

  #once(event: InboundEvent): Promise<void> {
    const { externalEventId: id, externalId } = event;
    const running = this.#inHand.get(id);
    if (running) return running;
    const taken = this.#inOrder(externalId, () => this.#untilTaken(event)).finally(() => {
      this.#inHand.delete(id);
    });
    this.#inHand.set(id, taken);
    return taken;
  }

  async #untilTaken(event: InboundEvent): Promise<void> {
    const whole = { ...event, ...(await this.#hooks.profile(event.externalId)) };
    const end = Date.now() + patienceMs;
    for (let failures = 1; ; failures++) {
      try {
        await this.#hooks.onEvent(whole);
        return;
      } catch (error) {
        if (Date.now() > end || this.#closing.signal.aborted) throw error;
        const { signal } = this.#closing;
        await delay(this.#hooks.backoffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Beside everything else: a window must open within three seconds of the press. */
  #open({ triggerId, view, instead }: Parsed & { kind: 'window' }): void {
    const opened = this.#hooks
      .openWindow(triggerId, view)
      .catch(() => this.#once(instead))
      .catch(() => undefined)
      .finally(() => this.#windows.delete(opened));
    this.#windows.add(opened);
  }

  #inOrder(person: string, work: () => Promise<void>): Promise<void> {
    const before = this.#people.get(person) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.#people.get(person) === tail) this.#people.delete(person);
      });
    this.#people.set(person, tail);
    return result;
  }
}
