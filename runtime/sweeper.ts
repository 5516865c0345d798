import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { sendingLeaseMs, settleInterrupted } from '../core/deliveries/sweep.ts';
import { planSimulations } from '../core/demo/simulate.ts';
import { forgetTaken } from '../core/inbox.ts';
import { forgetStrangers } from '../core/members/erase.ts';
import { deleteUnusedAttachments } from '../core/store/attachments.ts';
import { pruneIdempotent } from '../core/store/idempotency.ts';
import type { Core } from '../core/unit.ts';
import type { Bells } from './bells.ts';
import { steadyClock } from './ids.ts';
import type { Logger } from './logger.ts';

const everyMs = 2000;
const settleEveryMs = 30_000;
/** The API promises to remember the answer to an Idempotency-Key for a day. */
const answersKeptMs = 86_400_000;
/** A picture or file uploaded for a preview that was never sent. */
const uploadsKeptMs = 86_400_000;

export interface SweeperDeps {
  readonly core: Core;
  readonly adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly bells: Bells;
  readonly log: Logger;
}

/** Looks every two seconds for what is due in the database. One look at a time; a failed one is followed by the next. */
export class Sweeper {
  readonly #deps: SweeperDeps;
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();
  /** By the steady clock. */
  #settledAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#stopped) return;
    this.#look = this.#lookOnce().finally(() => {
      this.#timer = setTimeout(() => this.start(), everyMs);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#look;
  }

  async #lookOnce(): Promise<void> {
    const { core, adapters, bells, log } = this.#deps;
    try {
      const now = core.clock.now();
      if (steadyClock.now() - this.#settledAt >= settleEveryMs) {
        this.#settledAt = steadyClock.now();
        await settleInterrupted(core, adapters, sendingLeaseMs);
        await forgetStrangers(core);
        await forgetTaken(core);
        await pruneIdempotent(core.db, now - answersKeptMs);
        await deleteUnusedAttachments(core.db, now - uploadsKeptMs);
      }
      await planSimulations(core);
      await bells.sweep();
    } catch (error) {
      log.warn({ err: error }, 'looking for due work failed; it is tried again');
    }
  }
}
