// The floor of what is asked: as undici-sqlite.mjs, and what nobody who sends so may leave out. Each person is found in the
// audience and looked up again when their message is claimed (they may have stopped), quiet hours and pauses are asked
// about, figures are kept by branch, company, language and messenger, the words are in each person's language. By hand:
// prepared statements for one database, no queue, no limits, no reminders, no live pages. settings.file: a settled database.
import { sendMessage } from './request.mjs';
import { serve, settings } from './serve.mjs';
import { buttonsOf, fourAtOnce, hundredsOf, open, tokenOf } from './storing.mjs';

const database = open(settings.file);
const audience = database
  .prepare(
    `select m.id, m.ways, m.language, m.company_id, c.branch_id from member m left join company c on c.id = m.company_id
      where m.status = 'active' and m.id > ? order by m.id limit 100`,
  )
  .raw(true);
const insert = database.prepare(
  `insert into delivery (id, token, member_id, subject_kind, subject_id, purpose, dedupe_key, lane, status, not_before,
    created_at, language, company_id, branch_id)
    values (?, ?, ?, 'announcement', ?, 'main', ?, 'broadcast', 'pending', 0, ?, ?, ?, ?)`,
);
const waiting = database
  .prepare(
    `select id, token, member_id, language, company_id, branch_id, content, reply_to, attempts from delivery
      where id = ? and status = 'pending' and held = 0 and not_before <= ?`,
  )
  .raw(true);
const address = database
  .prepare(
    `select a.id, a.channel, a.external_id, m.status, m.language from member m join account a on a.id = m.account_id
      where m.id = ?`,
  )
  .raw(true);
const paused = database.prepare('select channel from channel_state where paused_at is not null');
const network = database.prepare('select time_zone, quiet_from, quiet_to from network');
const claim = database.prepare(
  `update delivery set status = 'sending', account_id = ?, channel = ?, claimed_at = ?, attempts = attempts + 1
    where id = ? and status = 'pending' and held = 0`,
);
const accept = database.prepare(
  `update delivery set status = 'accepted', external_message_id = ?, accepted_at = ?, claimed_at = null
    where id = ? and status = 'sending' returning edit_wanted > edit_done`,
);
const counts = Object.fromEntries(
  ['pending', 'accepted'].map((figure) => [
    figure,
    database.prepare(
      `insert into subject_count (subject_kind, subject_id, part, part_id, slot, recipients, ${figure})
        values ('announcement', ?, ?, ?, 0, ?, ?)
        on conflict (subject_kind, subject_id, part, part_id, slot) do update
          set recipients = recipients + excluded.recipients, ${figure} = ${figure} + excluded.${figure}`,
    ),
  ]),
);

const words = {
  pl: [
    'Przegląd instalacji',
    'Przegląd odbędzie się w środę.',
    'Odpowiedz na tę wiadomość, jeśli masz pytanie.',
  ],
  en: ['Inspection of the installations', 'The inspection is on Wednesday.', 'Reply to this message to ask.'],
};
const escaped = (text) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);

function textFor(language) {
  const [title, text, hint] = words[language].map(escaped);
  return `<b>${title}</b>\n\n${text}\n\n<i>${hint}</i>`;
}

/** Adds to these figures what each of `people` is counted in. */
function keep(subject, people, sums) {
  for (const [figure, recipients, n, channel] of sums) {
    const parts = new Map();
    for (const { language, company, branch } of people) {
      for (const part of [
        'all:',
        `branch:${branch}`,
        `company:${company}`,
        `language:${language}`,
        channel,
      ]) {
        parts.set(part, (parts.get(part) ?? 0) + 1);
      }
    }
    for (const [key, count] of parts) {
      const [part, id] = key.split(':');
      counts[figure].run(subject, part, id, recipients * count, n * count);
    }
  }
}

let broadcasts = 0;

const fanOut = database.transaction((subject, after, made) => {
  const found = audience.all(after);
  const people = found.map(([member, ways, language, company, branch]) => {
    const id = `${subject}-${String(made.length).padStart(5, '0')}`;
    const token = tokenOf(broadcasts, made.length);
    if (ways === '') throw new Error('everybody can be reached here');
    const key = `announcement:${subject}:main:${member}`;
    insert.run(id, token, member, subject, key, Date.now(), language, company, branch);
    made.push(id);
    return { language, company: company ?? '', branch: branch ?? '' };
  });
  keep(subject, people, [['pending', 1, 1, 'channel:']]);
  return found.at(-1)?.[0];
});

const claimAll = database.transaction((ids) => {
  const closed = new Set(paused.all().map(({ channel }) => channel));
  const { quiet_from: quiet } = network.get();
  const now = Date.now();
  return ids.map((id) => {
    const [, token, member, , company, branch] = waiting.get(id, now);
    const [account, channel, externalId, status, language] = address.get(member);
    if (status !== 'active' || closed.has(channel) || quiet === '') throw new Error('nobody stopped here');
    claim.run(account, channel, now, id);
    return { id, token, to: Number(externalId), language, company: company ?? '', branch: branch ?? '' };
  });
});

const acceptAll = database.transaction((subject, claimed, shown) => {
  const now = Date.now();
  for (const [i, { id }] of claimed.entries()) accept.get(String(shown[i]), now, id);
  keep(subject, claimed, [
    ['pending', 0, -1, 'channel:'],
    ['accepted', 0, 1, 'channel:telegram'],
  ]);
});

async function send({ count }) {
  broadcasts += 1;
  const subject = `subject-${broadcasts}`;
  const made = [];
  for (let after = ''; made.length < count; ) after = fanOut(subject, after, made);
  await fourAtOnce(hundredsOf(made.slice(0, count)), async (ids) => {
    const claimed = claimAll(ids);
    const sent = claimed.map(({ to, token, language }) =>
      sendMessage(to, buttonsOf(token), textFor(language)),
    );
    acceptAll(subject, claimed, await Promise.all(sent));
  });
}

serve({ send });
