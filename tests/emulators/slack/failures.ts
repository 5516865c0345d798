/** What happens to a call instead of, or after, doing it. */
export type Failure =
  /** Refused in a 200 with the platform's own word. */
  | { readonly kind: 'error'; readonly error: string; readonly more?: object }
  /** Told to wait, with a 429. */
  | { readonly kind: 'rateLimited'; readonly retryAfter: number }
  /** A gateway's error page; `accepted`: after the call was carried out. */
  | { readonly kind: 'page'; readonly status: number; readonly accepted?: boolean }
  /** No answer at all; `accepted`: but the call was carried out. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection is cut; `accepted`: after the call was carried out. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Carried out, and half of the answer comes. */
  | { readonly kind: 'truncated' };

/** The platform's `{ok: false, error}`. */
export class SlackError extends Error {
  readonly more: object;

  constructor(error: string, more: object = {}) {
    super(error);
    this.more = more;
  }
}

/** Which field, as the platform says it in `response_metadata.messages`. */
export function refused(error: string, ...messages: string[]): SlackError {
  return new SlackError(error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** HTTP 429. */
export class TooManyCalls extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('ratelimited');
    this.retryAfter = retryAfter;
  }
}
