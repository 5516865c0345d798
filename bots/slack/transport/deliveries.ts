import { setTimeout as delay } from 'node:timers/promises';
import type { types } from '@slack/bolt';
import type { Aside, TakeEvent } from '../../../core/channels/channel-adapter.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { type Parsed, parseDelivery } from '../parse.ts';

export type SetUpGroup = Extract<InboundEvent, { type: 'setUp' }>['group'];

export interface TakerHooks {
  readonly onEvent: TakeEvent;
  /** Name and language of whoever it is from. */
  profile(user: string): Promise<Pick<InboundEvent, 'displayName' | 'languageHint'>>;
  learn(user: string, conversation: string): void;
  openWindow(triggerId: string, view: types.ModalView): Promise<void>;
  /** The channel as Slack lists it; by its name alone when we are not in it. */
  find(group: SetUpGroup): Promise<SetUpGroup>;
  /** Tells one person alone in a channel. */
  tell(channel: string, user: string, aside: Aside): Promise<void>;
  /** The same as an answer to a command. */
  said(aside: Aside): object;
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
  readonly #inHand = new Map<string, Promise<Aside | undefined>>();
  /** Windows and asides under way, beside everything else. */
  readonly #beside = new Set<Promise<void>>();
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
      const aside = await this.#once(parsed.event);
      if (aside && parsed.event.type !== 'action') return this.#hooks.said(aside);
    }
    return undefined;
  }

  /** Nothing new is taken; resolves when nothing is in hand any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#inHand.values(), ...this.#beside]);
  }

  #once(event: InboundEvent): Promise<Aside | undefined> {
    const { externalEventId: id, externalId } = event;
    const running = this.#inHand.get(id);
    if (running) return running;
    const taken = this.#inOrder(externalId, () => this.#untilTaken(event)).finally(() => {
      this.#inHand.delete(id);
    });
    if (event.inGroup && event.type === 'action') this.#tell(event.inGroup.externalId, externalId, taken);
    this.#inHand.set(id, taken);
    return taken;
  }

  #tell(channel: string, user: string, taken: Promise<Aside | undefined>): void {
    this.#alongside(
      taken.then((aside) => aside && this.#hooks.tell(channel, user, aside)).catch(() => undefined),
    );
  }

  async #untilTaken(event: InboundEvent): Promise<Aside | undefined> {
    const whole = { ...(await this.#located(event)), ...(await this.#hooks.profile(event.externalId)) };
    const end = performance.now() + patienceMs;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#hooks.onEvent(whole);
      } catch (error) {
        if (performance.now() > end || this.#closing.signal.aborted) throw error;
        const { signal } = this.#closing;
        await delay(this.#hooks.backoffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Beside everything else: a window must open within three seconds of the press. */
  #open({ triggerId, view, instead }: Parsed & { kind: 'window' }): void {
    const opened = this.#hooks.openWindow(triggerId, view);
    this.#alongside(opened.catch(() => this.#once(instead)).catch(() => undefined));
  }

  #alongside(work: Promise<unknown>): void {
    const done: Promise<void> = work.then(
      () => undefined,
      () => undefined,
    );
    void done.finally(() => this.#beside.delete(done));
    this.#beside.add(done);
  }

  async #located(event: InboundEvent): Promise<InboundEvent> {
    return event.type === 'setUp' ? { ...event, group: await this.#hooks.find(event.group) } : event;
  }

  #inOrder<T>(person: string, work: () => Promise<T>): Promise<T> {
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
