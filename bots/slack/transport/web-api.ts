import { LogLevel, webApi } from '@slack/bolt';

/** The parts of a WebClient's settings both clients share. */
export type ClientOptions = NonNullable<ConstructorParameters<typeof webApi.WebClient>[1]>;

/**
 * Every call is made once and at once: repeated by the SDK, a timed-out message is shown twice, and one that is told to
 * wait holds up all others.
 */
export function clientOptions(apiUrl: string, timeoutMs: number): ClientOptions {
  return {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: silent,
  };
}

export function openWebApi(token: string, apiUrl: string, timeoutMs: number): webApi.WebClient {
  return new webApi.WebClient(token, clientOptions(apiUrl, timeoutMs));
}

/** The SDK's log quotes payloads, and with them people's words: what the operator must know is said by the adapter. */
export const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => LogLevel.ERROR,
};
