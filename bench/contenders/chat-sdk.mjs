// Chat SDK with its Telegram adapter and its state in memory.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { createMemoryState } from '@chat-adapter/state-memory';
import { createTelegramAdapter } from '@chat-adapter/telegram';
import { Actions, Button, Card, CardText, Chat, ConsoleLogger } from 'chat';
import { sendAll, serve, settings } from './serve.mjs';

const secret = 'bench-secret';
const bot = new Chat({
  userName: 'bench_bot',
  adapters: {
    telegram: createTelegramAdapter({
      botToken: settings.token,
      apiUrl: settings.apiUrl,
      mode: 'webhook',
      secretToken: secret,
      logger: new ConsoleLogger('error'),
    }),
  },
  state: createMemoryState(),
  logger: new ConsoleLogger('error'),
});
await bot.initialize();

const words = (more = '') =>
  CardText(`Przegląd odbędzie się w środę.\n\nOdpowiedz na tę wiadomość, jeśli masz pytanie.${more}`);
const card = Card({
  title: 'Przegląd instalacji',
  children: [
    words(),
    Actions([Button({ id: 'confirm', label: 'Przeczytane' }), Button({ id: 'reply', label: 'Odpowiedz' })]),
  ],
});
const confirmed = Card({ title: 'Przegląd instalacji', children: [words('\n\nPrzeczytane 12:00')] });

bot.onAction('confirm', async ({ adapter, threadId, messageId }) => {
  if (settings.edits) await adapter.editMessage(threadId, messageId, confirmed);
});

serve({
  send: (options) =>
    sendAll(options, async (chat) => {
      const thread = await bot.openDM(String(chat));
      await thread.post(card);
    }),
  async listen() {
    const server = createServer(async (request, response) => {
      const web = new Request(`http://localhost${request.url}`, {
        method: 'POST',
        headers: request.headers,
        body: Readable.toWeb(request),
        duplex: 'half',
      });
      const answer = await bot.webhooks.telegram(web);
      response.writeHead(answer.status).end(await answer.text());
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${server.address().port}/telegram`, secret };
  },
});
