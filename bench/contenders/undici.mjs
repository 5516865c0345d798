// The floor: nothing but the HTTP requests.
import { Pool } from 'undici';
import { card, sendAll, serve, settings } from './serve.mjs';

const pool = new Pool(settings.apiUrl, { connections: 30 });

async function sendMessage(chat) {
  const { statusCode, body } = await pool.request({
    path: `/bot${settings.token}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: chat,
      text: card.text,
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: [card.buttons] },
    }),
  });
  const answer = await body.json();
  if (statusCode !== 200 || !answer.ok) throw new Error(`refused: ${statusCode}`);
}

serve({ send: (options) => sendAll(options, sendMessage) });
