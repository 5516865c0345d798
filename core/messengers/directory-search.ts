import type { ChannelAdapter, Listed } from '../channels/channel-adapter.ts';
import { ChannelError } from '../channels/channel-error.ts';
import type { Timer } from '../deliveries/pace.ts';

export interface Sought {
  readonly memberId: string;
  readonly email: string;
}

export interface Found extends Listed {
  readonly memberId: string;
}

/** How far a search has come. */
export interface SearchState {
  readonly running: boolean;
  readonly asked: number;
  readonly of: number;
  readonly found: readonly Found[];
  /** Why it ended early: the platform's own short description, for the operator. */
  readonly problem: string | null;
}

/** Tries before a platform that does not answer is given up. */
const patience = 8;

/**
 * Looks people up in a messenger's directory by their e-mail, at the platform's own pace. What it finds is kept here alone,
 * until Wici stops: who is in a workspace is written down nowhere before staff invite them. Continued, it asks only for
 * those it has not asked for.
 */
export class DirectorySearch {
  readonly #adapter: ChannelAdapter;
  readonly #timer: Timer;
  readonly #changed: () => void;
  readonly #answers = new Map<string, { readonly email: string; readonly found: Found | null }>();
  #people: readonly Sought[] = [];
  #running: Promise<void> | null = null;
  #stopped = false;
  #problem: string | null = null;

  constructor(adapter: ChannelAdapter, timer: Timer, changed: () => void) {
    this.#adapter = adapter;
    this.#timer = timer;
    this.#changed = changed;
  }

  get state(): SearchState {
    const answered = this.#people.flatMap((person) => this.#answerFor(person) ?? []);
    return {
      running: this.#running !== null,
      asked: answered.length,
      of: this.#people.length,
      found: answered.flatMap(({ found }) => found ?? []),
      problem: this.#problem,
    };
  }

  /** Begins, or goes on; the promise is for tests. */
  start(people: readonly Sought[]): Promise<void> {
    if (this.#running) return this.#running;
    this.#people = people;
    this.#stopped = false;
    this.#problem = null;
    this.#running = this.#ask().finally(() => {
      this.#running = null;
      this.#changed();
    });
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
  }

  #answerFor({ memberId, email }: Sought) {
    const answer = this.#answers.get(memberId);
    return answer?.email === email ? answer : undefined;
  }

  async #ask(): Promise<void> {
    const perMinute = this.#adapter.capabilities.directory?.lookupsPerMinute ?? 0;
    if (perMinute === 0) return;
    for (const person of this.#people) {
      if (this.#answerFor(person)) continue;
      await this.#timer.wait(60_000 / perMinute);
      if (this.#stopped) return;
      if (!(await this.#askFor(person))) return;
      this.#changed();
    }
  }

  /** False: nobody further can be asked for now. */
  async #askFor({ memberId, email }: Sought): Promise<boolean> {
    for (let failures = 1; ; failures++) {
      try {
        const listed = await this.#adapter.findByEmail(email);
        this.#answers.set(memberId, { email, found: listed && { memberId, ...listed } });
        return true;
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        // An address the platform will not look up is nobody's there: the others are asked for all the same.
        if (error.code === 'Rejected' || error.code === 'RecipientGone') {
          this.#answers.set(memberId, { email, found: null });
          return true;
        }
        if (!error.retryable || failures === patience) {
          this.#problem = error.message;
          return false;
        }
        await this.#timer.wait(error.retryAfterMs ?? 1000 * 2 ** failures);
        if (this.#stopped) return false;
      }
    }
  }
}
