import type { TelegramConfig } from './config.ts';

export type TelegramAnswer = { readonly handle: string } | { readonly refused: string };

/** Asks Telegram who the bot is: whether the token works, and the name its links are made of. Never tells the token. */
export async function askTelegram(
  { token, apiUrl }: TelegramConfig,
  timeoutMs = 5000,
): Promise<TelegramAnswer> {
  try {
    const response = await fetch(`${apiUrl}/bot${token}/getMe`, { signal: AbortSignal.timeout(timeoutMs) });
    const body = (await response.json()) as { result?: { username?: unknown } };
    const handle = body.result?.username;
    if (typeof handle === 'string') return { handle };
    return {
      refused: response.status === 401 || response.status === 404 ? 'token' : `status ${response.status}`,
    };
  } catch {
    return { refused: 'no answer' };
  }
}

export interface TelegramWebhook {
  /** The address Telegram calls; empty = none is set, the bot is polled. */
  readonly url: string;
  readonly pending: number;
  /** What went wrong when Telegram last called, in its own words. */
  readonly lastError: string | null;
}

/** How Telegram hands over what people write; null when it does not say. */
export async function askTelegramWebhook(
  { token, apiUrl }: TelegramConfig,
  timeoutMs = 5000,
): Promise<TelegramWebhook | null> {
  try {
    const response = await fetch(`${apiUrl}/bot${token}/getWebhookInfo`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { result } = (await response.json()) as {
      result?: { url?: string; pending_update_count?: number; last_error_message?: string };
    };
    if (!result) return null;
    const { url = '', pending_update_count: pending = 0, last_error_message: lastError = null } = result;
    return { url, pending, lastError };
  } catch {
    return null;
  }
}
