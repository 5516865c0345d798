import { createHmac } from 'node:crypto';
import type { AdapterSettings } from '../bots/registry.ts';
import { languages } from '../core/language.ts';
import type { Texts } from '../core/text.ts';
import type { TelegramConfig } from './config.ts';

type Settings = NonNullable<AdapterSettings['telegram']>;

/** What the adapter needs of the operator's settings. The webhook's secret follows from ours: nothing more to keep. */
export function telegramSettings(telegram: TelegramConfig, secret: string): Settings {
  const { webhook, ...settings } = telegram;
  if (!webhook) return settings;
  const derived = createHmac('sha256', secret).update('telegram webhook').digest('base64url');
  return { ...settings, webhook: { url: webhookUrl(webhook), secret: derived } };
}

/** The bot's menu: the commands /help lists, one a line as "/name – what it does", in each language. */
export function telegramMenu(texts: Texts): NonNullable<Settings['commands']> {
  return Object.fromEntries(
    languages.map((language) => {
      const lines = texts.translate(language, 'chat:help.commands').matchAll(/^\/(\S+)\s+–\s+(.+)$/gmu);
      return [language, [...lines].map(([, command = '', description = '']) => ({ command, description }))];
    }),
  );
}

/** An address without a path gets ours. */
function webhookUrl(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/telegram';
  return url.href;
}
