import { ApiError } from './failures.ts';

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

interface Poll {
  readonly limit: number;
  readonly resolve: (updates: Update[]) => void;
  readonly reject: (error: ApiError) => void;
  readonly timer: NodeJS.Timeout;
}

interface Hook {
  readonly url: string;
  readonly secret: string | undefined;
}

interface QueueOptions {
  /** Between two tries of a webhook delivery. */
  readonly webhookRetryMs: number;
  /** A method called in the answer to a delivery: whether it went well nobody is told. */
  readonly replied: (call: unknown) => void;
}

/** Updates not yet confirmed, taken by one long poll at a time or pushed to a webhook. */
export class UpdateQueue {
  readonly #options: QueueOptions;
  readonly #pending: Update[] = [];
  readonly #lines = new Map<string, Promise<void>>();
  #next = 700_001;
  #allowed: readonly string[] | null = null;
  #poll: Poll | null = null;
  #hook: Hook | null = null;
  #closed = false;
  lastWebhookError: string | null = null;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get pending(): readonly Update[] {
    return this.#pending;
  }

  get webhookUrl(): string {
    return this.#hook?.url ?? '';
  }

  /** Adds one update as it is; the kinds not asked for never come. `line`: those of one are pushed one after another. */
  push(kind: string, body: unknown, line: string): number {
    const update = { update_id: this.#next++, [kind]: body };
    if (this.#allowed && !this.#allowed.includes(kind)) return update.update_id;
    this.#add(update, line);
    return update.update_id;
  }

  /** Adds something no honest platform would send. */
  pushRaw(body: Record<string, unknown>): number {
    const update = { update_id: this.#next++, ...body };
    this.#add(update, 'raw');
    return update.update_id;
  }

  /** Sends known updates again, as a platform that missed the confirmation does. */
  replay(updates: readonly Update[]): void {
    for (const update of updates) this.#add(update, 'replay');
  }

  poll(request: {
    offset?: number | undefined;
    limit?: number | undefined;
    timeout?: number | undefined;
    allowed_updates?: readonly string[] | undefined;
  }): Promise<Update[]> {
    if (this.#hook) {
      throw new ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#endPoll(
      new ApiError(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    );
    const { offset, limit = 100, timeout = 0, allowed_updates: allowed } = request;
    if (allowed) this.#allowed = allowed;
    if (offset !== undefined) this.#confirmBefore(offset);
    const ready = this.#pending.slice(0, limit);
    if (ready.length > 0 || timeout === 0) return Promise.resolve(ready);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#answerPoll(), timeout * 1000);
      this.#poll = { limit, resolve, reject, timer };
    });
  }

  /** The poller went away without waiting. */
  abandonPoll(): void {
    this.#endPoll(new ApiError(400, 'gone'));
  }

  setWebhook(hook: Hook | null, allowed: readonly string[] | undefined, drop: boolean): void {
    this.#hook = hook;
    if (allowed) this.#allowed = allowed;
    if (drop) this.#pending.length = 0;
    if (hook) for (const update of [...this.#pending]) this.#deliver(update, 'pending');
  }

  close(): void {
    this.#closed = true;
    this.abandonPoll();
  }

  #add(update: Update, line: string): void {
    this.#pending.push(update);
    if (this.#hook) this.#deliver(update, line);
    else this.#answerPoll();
  }

  #confirmBefore(offset: number): void {
    const kept = this.#pending.filter((update) => update.update_id >= offset);
    this.#pending.splice(0, this.#pending.length, ...kept);
  }

  #answerPoll(): void {
    const poll = this.#poll;
    if (!poll) return;
    this.#poll = null;
    clearTimeout(poll.timer);
    poll.resolve(this.#pending.slice(0, poll.limit));
  }

  #endPoll(error: ApiError): void {
    const poll = this.#poll;
    this.#poll = null;
    if (!poll) return;
    clearTimeout(poll.timer);
    poll.reject(error);
  }

  /** Pushed until it is taken with a 2xx; those of one line in order. */
  #deliver(update: Update, line: string): void {
    const before = this.#lines.get(line) ?? Promise.resolve();
    this.#lines.set(
      line,
      before.then(() => this.#push(update)),
    );
  }

  async #push(update: Update): Promise<void> {
    while (!this.#closed && this.#hook && this.#pending.includes(update)) {
      const status = await this.#post(this.#hook, update);
      if (status >= 200 && status < 300) {
        // Another line may have brought it meanwhile.
        const place = this.#pending.indexOf(update);
        if (place >= 0) this.#pending.splice(place, 1);
        return;
      }
      this.lastWebhookError = `Wrong response from the webhook: ${status}`;
      await new Promise((resolve) => setTimeout(resolve, this.#options.webhookRetryMs));
    }
  }

  async #post({ url, secret }: Hook, update: Update): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    };
    try {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) });
      const words = await response.text();
      if (response.ok && words !== '') this.#options.replied(JSON.parse(words));
      return response.status;
    } catch {
      return 0;
    }
  }
}
