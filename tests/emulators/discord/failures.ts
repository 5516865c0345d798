/** What happens to a call instead of, or after, doing it. */
export type Failure =
  /** Refused with the platform's own words. */
  | { readonly kind: 'error'; readonly status: number; readonly code: number; readonly message: string }
  /** 429, in seconds. */
  | { readonly kind: 'limit'; readonly retryAfter: number; readonly scope: 'user' | 'global' | 'shared' }
  /** No answer at all; `accepted`: but the call was carried out. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection is cut; `accepted`: after the call was carried out. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Carried out, and half of the answer comes. */
  | { readonly kind: 'truncated' }
  /** A gateway's error page. */
  | { readonly kind: 'page'; readonly status: number };

/** A refusal as the platform words it: `code` is its own, beside HTTP's `status`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;

  constructor(status: number, code: number, message: string, errors?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export class RateLimited extends Error {
  /** Seconds. */
  readonly retryAfter: number;
  readonly scope: 'user' | 'global' | 'shared';

  constructor(retryAfter: number, scope: 'user' | 'global' | 'shared') {
    super('You are being rate limited.');
    this.retryAfter = retryAfter;
    this.scope = scope;
  }
}

/** 50035 names each wrong field by its path. */
export function invalidForm(path: string, message: string): ApiError {
  return new ApiError(400, 50_035, 'Invalid Form Body', {
    [path]: { _errors: [{ code: 'INVALID', message }] },
  });
}
