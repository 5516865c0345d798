// The card as a plain request, which all floors send.
import { Pool } from 'undici';
import { card, settings } from './serve.mjs';

const pool = new Pool(settings.apiUrl, { connections: 30 });

/** Resolves with the message's id. */
export async function sendMessage(chat, buttons = card.buttons, text = card.text) {
  const { statusCode, body } = await pool.request({
    path: `/bot${settings.token}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: chat,
      text,
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: [buttons] },
    }),
  });
  const answer = await body.json();
  if (statusCode !== 200 || !answer.ok) throw new Error(`refused: ${statusCode}`);
  return answer.result.message_id;
}
