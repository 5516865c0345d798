// grammY with its auto-retry, as its guide on broadcasts says.
import { autoRetry } from '@grammyjs/auto-retry';
import { Api } from 'grammy';
import { card, sendAll, serve, settings } from './serve.mjs';

const api = new Api(settings.token, { apiRoot: settings.apiUrl });
api.config.use(autoRetry());

const sendMessage = (chat) =>
  api.sendMessage(chat, card.text, {
    parse_mode: 'HTML',
    reply_markup: { inline_keyboard: [card.buttons] },
  });

serve({ send: (options) => sendAll(options, sendMessage) });
