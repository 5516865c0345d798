// telegraf, as its users write a broadcast and a webhook: keep-alive connections, nothing stored.
import { Agent, createServer } from 'node:http';
import { Telegraf } from 'telegraf';
import { card, sendAll, serve, settings } from './serve.mjs';

const bot = new Telegraf(settings.token, { telegram: { apiRoot: settings.apiUrl } });
bot.telegram.options.agent = new Agent({ keepAlive: true });

const sendMessage = (chat) =>
  bot.telegram.callApi('sendMessage', {
    chat_id: chat,
    text: card.text,
    parse_mode: 'HTML',
    reply_markup: { inline_keyboard: [card.buttons] },
  });

bot.on('callback_query', async (context) => {
  if (settings.edits) {
    context.telegram.webhookReply = false;
    await context.answerCbQuery();
    await context.editMessageText(`${card.text}\n\nPrzeczytane 12:00`, { parse_mode: 'HTML' });
  } else await context.answerCbQuery();
});
bot.botInfo = { id: 7_000_001, is_bot: true, first_name: 'Bench', username: 'bench_bot' };

serve({
  send: (options) => sendAll(options, sendMessage),
  async listen() {
    const secret = 'bench-secret';
    const server = createServer(bot.webhookCallback('/telegram', { secretToken: secret }));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${server.address().port}/telegram`, secret };
  },
});
