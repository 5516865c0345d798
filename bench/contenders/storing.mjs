// What the two floors of storing share: a database of Wici's own tables, and the card as a plain request.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openDatabase } from '../../dist/runtime/database.js';
import { sqliteDriver } from '../../dist/runtime/sqlite-driver.js';
import { card, settings } from './serve.mjs';

const pool = new Pool(settings.apiUrl, { connections: 30 });

/** A file of its own with Wici's tables; gone with the process. */
export async function emptyFile() {
  const folder = mkdtempSync(join(tmpdir(), 'wici-bench-floor-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'wici.db');
  const migrated = openDatabase(file);
  await migrated.migrate();
  await migrated.close();
  return file;
}

/** Every commit synced. */
export function open(file) {
  const database = new (sqliteDriver())(file);
  database.pragma('synchronous = FULL');
  return database;
}

export async function sendMessage(chat, token, text = card.text) {
  const [confirm, reply] = card.buttons;
  const { statusCode, body } = await pool.request({
    path: `/bot${settings.token}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: chat,
      text,
      parse_mode: 'HTML',
      reply_markup: {
        inline_keyboard: [
          [
            { ...confirm, callback_data: `${token}:confirm` },
            { ...reply, callback_data: `${token}:reply` },
          ],
        ],
      },
    }),
  });
  const answer = await body.json();
  if (statusCode !== 200 || !answer.ok) throw new Error(`refused: ${statusCode}`);
  return answer.result.message_id;
}

export function hundredsOf(rows) {
  return Array.from({ length: Math.ceil(rows.length / 100) }, (_, n) => rows.slice(n * 100, n * 100 + 100));
}

/** `work` for each hundred, four of them under way. */
export async function fourAtOnce(hundreds, work) {
  const left = hundreds.values();
  const line = async () => {
    for (const hundred of left) await work(hundred);
  };
  await Promise.all([line(), line(), line(), line()]);
}
