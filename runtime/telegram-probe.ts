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
