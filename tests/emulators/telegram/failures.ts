/** What happens to a call instead of, or after, doing it. */
export type Failure =
  /** Refused with the platform's own words. */
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly description: string;
      readonly parameters?: object;
    }
  /** No answer at all; `accepted`: but the call was carried out. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection is cut; `accepted`: after the call was carried out. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Carried out, and half of the answer comes. */
  | { readonly kind: 'truncated' }
  /** A gateway's error page. */
  | { readonly kind: 'page'; readonly status: number };

export class ApiError extends Error {
  readonly code: number;
  readonly parameters: object | undefined;

  constructor(code: number, description: string, parameters?: object) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export const badRequest = (description: string) => new ApiError(400, `Bad Request: ${description}`);
export const forbidden = (description: string) => new ApiError(403, `Forbidden: ${description}`);

export function tooManyRequests(seconds: number): ApiError {
  return new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
