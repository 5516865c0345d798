import type { TelegramConfig } from '../config.ts';
import { askTelegram, askTelegramWebhook } from '../telegram-probe.ts';
import { bad, type Finding, note, ok, unusable } from './finding.ts';

/** The token, and the webhook when there is one. */
export async function examineTelegram(telegram: TelegramConfig): Promise<Finding[]> {
  const answer = await askTelegram(telegram);
  if ('handle' in answer) {
    const found = ok('Telegram', `the token works, the bot is @${answer.handle}`);
    return [found, ...(await examineWebhook(telegram))];
  }
  if (answer.refused === 'token') {
    return [bad('Telegram', 'the token is refused: copy TELEGRAM_BOT_TOKEN again from @BotFather')];
  }
  return [unusable('Telegram', telegram.apiUrl, answer.refused, 'TELEGRAM_API_URL')];
}

async function examineWebhook(telegram: TelegramConfig): Promise<Finding[]> {
  const hook = await askTelegramWebhook(telegram);
  if (!hook) return [];
  const title = 'Telegram webhook';
  if (!telegram.webhook && hook.url === '') return [];
  if (!telegram.webhook) {
    return [note(title, 'another one is set; Wici removes it when it starts, because it polls')];
  }
  if (hook.url === '') return [note(title, 'not set yet: Wici sets it when it starts')];
  const waiting = `${hook.pending} waiting`;
  if (hook.lastError === null) return [ok(title, `set, ${waiting}`)];
  return [
    note(
      title,
      `Telegram last could not call it (${hook.lastError}), ${waiting}: check that ${telegram.webhook} is reached from outside`,
    ),
  ];
}
