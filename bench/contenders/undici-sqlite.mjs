// The floor of what is stored: the same requests, and of each message a row with a token, its claim and its outcome, in
// Wici's own table with its indexes. Prepared statements a hundred at a time, every commit synced, four hundreds under way.
import { sendMessage } from './request.mjs';
import { serve } from './serve.mjs';
import { buttonsOf, emptyFile, fourAtOnce, hundredsOf, open, tokenOf } from './storing.mjs';

const database = open(await emptyFile());
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

let broadcasts = 0;

async function send({ count }) {
  broadcasts += 1;
  const subject = `subject-${broadcasts}`;
  const rows = Array.from({ length: count }, (_, i) => ({
    id: `${subject}-${String(i).padStart(10, '0')}`,
    token: tokenOf(broadcasts, i),
    chat: i + 1,
    subject,
  }));
  const hundreds = hundredsOf(rows);
  for (const hundred of hundreds) insertAll(hundred);
  await fourAtOnce(hundreds, async (hundred) => {
    claimAll(hundred);
    const shown = await Promise.all(hundred.map(({ chat, token }) => sendMessage(chat, buttonsOf(token))));
    acceptAll(hundred.map(({ id }, i) => ({ id, shown: shown[i] })));
  });
}

serve({ send });
