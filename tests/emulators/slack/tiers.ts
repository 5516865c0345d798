import { TooManyCalls } from './failures.ts';
import type { Method } from './fields.ts';

/** https://docs.slack.dev/apis/web-api/rate-limits: calls a minute by each method's tier; those left out have rules of their own. */
const tier3 = 50;
const tier4 = 100;
const perMinute: { readonly [M in Method]?: number } = {
  'bots.info': tier3,
  'conversations.open': tier3,
  'chat.update': tier3,
  'users.conversations': tier3,
  'users.lookupByEmail': tier3,
  'users.info': tier4,
  'chat.postEphemeral': tier4,
  'views.open': tier4,
  'views.publish': tier4,
  'files.getUploadURLExternal': tier4,
  'files.completeUploadExternal': tier4,
};

/** Counts calls, and refuses those over a limit. */
export class Windows {
  readonly #now: () => number;
  readonly #times = new Map<string, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws when the method's minute is full. */
  method(name: Method, retryAfter: number): void {
    const limit = perMinute[name];
    if (limit !== undefined) this.take([{ key: name, ms: 60_000, limit }], retryAfter);
  }

  /** Takes a place in every one of these windows, or in none. */
  take(windows: readonly { key: string; ms: number; limit: number }[], retryAfter: number): void {
    const now = this.#now();
    const open = windows.map(({ key, ms, limit }) => {
      const times = (this.#times.get(key) ?? []).filter((at) => at > now - ms);
      this.#times.set(key, times);
      if (times.length >= limit) throw new TooManyCalls(retryAfter);
      return times;
    });
    for (const times of open) times.push(now);
  }
}
