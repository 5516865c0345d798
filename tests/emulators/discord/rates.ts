import { RateLimited } from './failures.ts';

export interface Rates {
  /** Calls a second in all; interactions' answers are exempt. */
  readonly global: number;
  /** Messages to one channel in the window. */
  readonly perChannel: number;
  readonly windowMs: number;
  /** Direct messages opened in a window. */
  readonly openings: number;
}

export const generous: Rates = { global: 100_000, perChannel: 10_000, windowMs: 1000, openings: 10_000 };

interface Window {
  count: number;
  /** Epoch milliseconds. */
  endsAt: number;
}

/** Counts calls as the platform does and says so in its headers. */
export class RateLimiter {
  readonly #rates: Rates;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(rates: Rates, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** The headers for this call. Throws the platform's 429 when it is one too many. */
  count(bucket: string): Record<string, string> {
    const global = this.#window('global', 1000);
    if (++global.count > this.#rates.global) throw new RateLimited(this.#left(global), 'global');
    const limit = bucket.startsWith('message:') ? this.#rates.perChannel : 10_000;
    const window = this.#window(bucket, this.#rates.windowMs);
    if (++window.count > limit) throw new RateLimited(this.#left(window), 'user');
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - window.count),
      'x-ratelimit-reset': String(window.endsAt / 1000),
      'x-ratelimit-reset-after': String(this.#left(window)),
      'x-ratelimit-bucket': `hash-${bucket.split(':')[0]}`,
    };
  }

  /** Whether one more conversation may be opened. */
  mayOpen(): boolean {
    const window = this.#window('opening', this.#rates.windowMs);
    return ++window.count <= this.#rates.openings;
  }

  #left({ endsAt }: Window): number {
    return Math.max(0, (endsAt - this.#now()) / 1000);
  }

  #window(key: string, lengthMs: number): Window {
    const known = this.#windows.get(key);
    if (known && known.endsAt > this.#now()) return known;
    const fresh = { count: 0, endsAt: this.#now() + lengthMs };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
