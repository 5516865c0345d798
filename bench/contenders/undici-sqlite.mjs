// The floor of what is stored: the same requests, and of each message a row with a token, its claim and its outcome, in
// Wici's own table with its indexes. Prepared statements a hundred at a time, every commit synced, four hundreds under way.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openDatabase } from '../../dist/runtime/database.js';
import { sqliteDriver } from '../../dist/runtime/sqlite-driver.js';
import { card, serve, settings } from './serve.mjs';

const pool = new Pool(settings.apiUrl, { connections: 30 });
const folder = mkdtempSync(join(tmpdir(), 'wici-bench-floor-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'wici.db');
const migrated = openDatabase(file);
await migrated.migrate();
await migrated.close();

const database = new (sqliteDriver())(file);
database.pragma('synchronous = FULL');
// The people are not there.
database.pragma('foreign_keys = OFF');
const insert = database.prepare(
  `insert into delivery (id, token, member_id, subject_kind, subject_id, purpose, dedupe_key, lane, status, not_before,
    created_at, language) values (?, ?, ?, 'announcement', ?, 'main', ?, 'broadcast', 'pending', 0, ?, 'pl')`,
);
const claim = database.prepare(
  `update delivery set status = 'sending', account_id = ?, channel = 'telegram', claimed_at = ?, attempts = 1
    where id = ? and status = 'pending'`,
);
const accept = database.prepare(
  `update delivery set status = 'accepted', external_message_id = ?, accepted_at = ?, claimed_at = null
    where id = ? and status = 'sending'`,
);
const together = (work) => database.transaction((rows) => rows.forEach(work));
const insertAll = together(({ id, token, chat, subject }) =>
  insert.run(id, token, `member-${chat}`, subject, `announcement:${subject}:main:${chat}`, Date.now()),
);
const claimAll = together(({ id, chat }) => claim.run(`account-${chat}`, Date.now(), id));
const acceptAll = together(({ id, shown }) => accept.run(String(shown), Date.now(), id));

async function sendMessage(chat, token) {
  const [confirm, reply] = card.buttons;
  const { statusCode, body } = await pool.request({
    path: `/bot${settings.token}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: chat,
      text: card.text,
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

let broadcasts = 0;

async function send({ count }) {
  broadcasts += 1;
  const subject = `subject-${broadcasts}`;
  const rows = Array.from({ length: count }, (_, i) => ({
    id: `${subject}-${String(i).padStart(10, '0')}`,
    // Sorted by time of making, as Wici's are.
    token: `${String(broadcasts).padStart(2, '0')}${String(i).padStart(5, '0')}${randomBytes(9).toString('base64url').slice(0, 9)}`,
    chat: i + 1,
    subject,
  }));
  const hundreds = Array.from({ length: Math.ceil(count / 100) }, (_, n) =>
    rows.slice(n * 100, n * 100 + 100),
  );
  for (const hundred of hundreds) insertAll(hundred);
  const left = hundreds.values();
  const line = async () => {
    for (const hundred of left) {
      claimAll(hundred);
      const shown = await Promise.all(hundred.map(({ chat, token }) => sendMessage(chat, token)));
      acceptAll(hundred.map(({ id }, i) => ({ id, shown: shown[i] })));
    }
  };
  await Promise.all([line(), line(), line(), line()]);
}

serve({ send });
