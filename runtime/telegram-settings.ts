import { createHmac } from 'node:crypto';
import type { AdapterSettings } from '../bots/registry.ts';
import type { TelegramConfig } from './config.ts';

type Settings = NonNullable<AdapterSettings['telegram']>;

/** What the adapter needs of the operator's settings. The webhook's secret follows from ours: nothing more to keep. */
export function telegramSettings(telegram: TelegramConfig, secret: string): Settings {
  const { token, apiUrl, webhook } = telegram;
  if (!webhook) return { token, apiUrl };
  const derived = createHmac('sha256', secret).update('telegram webhook').digest('base64url');
  return { token, apiUrl, webhook: { url: webhookUrl(webhook), secret: derived } };
}

/** An address without a path gets ours. */
function webhookUrl(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/telegram';
  return url.href;
}
