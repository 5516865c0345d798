import { setTimeout as delay } from 'node:timers/promises';
import { longPollSeconds, maxUpdates } from '../limits.ts';
import { allowedUpdates } from '../parse.ts';
import type { BotApi } from './api.ts';
import type { UpdateTaker } from './updates.ts';

export interface PollerHooks {
  /** Each answer of the platform. */
  working(): void;
  failing(error: unknown): void;
  /** An update was refused again and again while others went through, until nothing else fitted in: it is let go. */
  lost(updateId: number): void;
  /** Milliseconds before the next try after `failures` in a row. */
  backoffMs(failures: number): number;
}

interface Update {
  readonly id: number;
  state: 'open' | 'taken' | 'lost';
  failures: number;
}

/** How long the platform is left alone while something it would send again at once is still in hand. */
const recheckMs = 100;
const hopelessFailures = 10;

/**
 * Long polling that confirms an update only when it and all before it are taken. One that is refused is tried again in
 * its chat's turn; other chats go on, up to the 100 updates the platform shows beyond the first unconfirmed one.
 */
export class Poller {
  readonly #api: BotApi;
  readonly #taker: UpdateTaker;
  readonly #hooks: PollerHooks;
  readonly #stopping = new AbortController();
  /** Everything since the last confirmed update, in the platform's order. */
  readonly #seen = new Map<number, Update>();
  #offset: number | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(api: BotApi, taker: UpdateTaker, hooks: PollerHooks) {
    this.#api = api;
    this.#taker = taker;
    this.#hooks = hooks;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Stops asking, lets what is in hand finish, and tells the platform what was taken. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await this.#taker.idle();
    this.#confirm();
    if (this.#offset === null) return;
    const confirmation = { offset: this.#offset, limit: 1, timeout: 0 };
    await this.#api.call('getUpdates', confirmation, { timeoutMs: 500 }).catch(() => undefined);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const fresh = await this.#ask(failures > 0 || this.#seen.size > 0 ? 0 : longPollSeconds);
        if (failures > 0) failures = 0;
        this.#hooks.working();
        await Promise.race([Promise.allSettled(fresh), this.#pause(recheckMs)]);
        this.#confirm();
        // What is unconfirmed comes again at once: asked for less often, or not at all while nothing is in hand.
        if (this.#seen.size > 0 && fresh.length === 0) await this.#pause(recheckMs);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#hooks.failing(error);
        failures += 1;
        await this.#pause(this.#hooks.backoffMs(failures));
      }
    }
  }

  /** One batch; begins what is new and returns its promises. */
  async #ask(timeout: number): Promise<Promise<void>[]> {
    const payload = {
      ...(this.#offset === null ? {} : { offset: this.#offset }),
      limit: maxUpdates,
      timeout,
      allowed_updates: allowedUpdates,
    };
    const options = { timeoutMs: (timeout + 10) * 1000, signal: this.#stopping.signal };
    const batch: unknown = await this.#api.call('getUpdates', payload, options);
    if (!Array.isArray(batch)) throw new TypeError('unreadable updates');
    const fresh = batch.flatMap((raw) => this.#begin(raw));
    if (fresh.length === 0 && batch.length >= maxUpdates) this.#letGo();
    return fresh;
  }

  #begin(raw: unknown): Promise<void>[] {
    const id = updateIdOf(raw);
    if (id === null || this.#seen.has(id)) return [];
    const update: Update = { id, state: 'open', failures: 0 };
    this.#seen.set(id, update);
    const taken = this.#taker
      .take(raw, id, (work) => this.#untilTaken(update, work))
      .then(() => {
        if (update.state === 'open') update.state = 'taken';
      });
    return [taken.catch(() => undefined)];
  }

  async #untilTaken(update: Update, work: () => Promise<void>): Promise<void> {
    while (update.state === 'open') {
      this.#stopping.signal.throwIfAborted();
      try {
        return await work();
      } catch {
        update.failures += 1;
        await this.#pause(this.#hooks.backoffMs(update.failures));
      }
    }
  }

  /** Moves the offset to the first update still in hand. */
  #confirm(): void {
    for (const [id, { state }] of this.#seen) {
      this.#offset = state === 'open' ? id : id + 1;
      if (state === 'open') return;
      this.#seen.delete(id);
    }
  }

  /**
   * The platform shows no more than it already has: one update refused for ever would silence everybody. It is given up
   * only when most of those after it were taken, so a store that is down loses nothing.
   */
  #letGo(): void {
    const updates = [...this.#seen.values()];
    const taken = updates.filter(({ state }) => state === 'taken').length;
    const [oldest] = updates;
    if (!oldest || oldest.failures < hopelessFailures || taken <= updates.length / 2) return;
    oldest.state = 'lost';
    this.#hooks.lost(oldest.id);
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

export function updateIdOf(raw: unknown): number | null {
  const id = (raw as { update_id?: unknown } | null)?.update_id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}
