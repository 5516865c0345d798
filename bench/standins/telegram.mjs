// A lean stand-in for Telegram, alone in its process: it checks every call, remembers every message, enforces the limit it
// is told, and presses buttons through the webhook as people do. Told what to do by its parent (see telegram.ts).
import { createServer } from 'node:http';
import { Pool } from 'undici';

const token = '7000001:bench';
const bot = { id: 7_000_001, is_bot: true, first_name: 'Bench', username: 'bench_bot' };
const okay = { ok: true, result: true };

/** chat → its messages, newest last: { id, data: what its buttons carry, pressedAt } */
const chats = new Map();
const messages = new Map();
let counts = freshCounts();
let perSecond = 0;
/** The moments of the last `perSecond` messages taken: one more is refused while the oldest is less than a second old. */
let taken = [];
let webhook = null;
/** What people wrote that nobody has asked for yet. */
let updates = [];
/** Called when a message is sent. */
let onSend = () => undefined;
let lastMessage = 0;
let lastUpdate = 0;
let lastQuery = 0;
/** Called when a message shows something new. */
let onEdit = () => undefined;

function freshCounts() {
  return { sent: 0, edited: 0, answered: 0, refused: 0, invalid: 0, firstAt: 0, lastAt: 0 };
}

const methods = {
  getMe: () => ({ ok: true, result: bot }),
  setWebhook: ({ url, secret_token: secret = '' }) => {
    webhook = { url: new URL(url), secret };
    return okay;
  },
  deleteWebhook: () => okay,
  setMyCommands: () => okay,
  getUpdates: () => {
    const result = updates.splice(0);
    if (result.length > 0) return { ok: true, result };
    return new Promise((resolve) => setTimeout(resolve, 25_000, { ok: true, result }));
  },
  answerCallbackQuery: ({ callback_query_id: id }) => {
    if (typeof id !== 'string') return invalid('query');
    counts.answered += 1;
    return okay;
  },
  editMessageReplyMarkup: edit,
  editMessageText: (call) => (isText(call.text) ? edit(call) : invalid('text')),
  sendMessage(call) {
    const { chat_id: chat, text } = call;
    const data = buttonsOf(call.reply_markup);
    if (!isChat(chat) || !isText(text) || data === null) return invalid('message');
    if (tooMany()) return refused();
    const message = { id: ++lastMessage, chat: Number(chat), data, pressedAt: 0 };
    messages.set(message.id, message);
    const own = chats.get(message.chat);
    if (own) own.push(message);
    else chats.set(message.chat, [message]);
    counts.sent += 1;
    counts.lastAt = performance.now();
    counts.firstAt ||= counts.lastAt;
    onSend();
    return { ok: true, result: shown(message, text) };
  },
};

function edit(call) {
  const message = messages.get(Number(call.message_id));
  const data = buttonsOf(call.reply_markup);
  if (!message || Number(call.chat_id) !== message.chat || data === null) return invalid('edit');
  message.data = data;
  counts.edited += 1;
  onEdit(message);
  return { ok: true, result: shown(message, call.text ?? '') };
}

const isText = (text) => typeof text === 'string' && text.length > 0 && text.length <= 4096;
const isChat = (chat) => Number.isSafeInteger(Number(chat)) && Number(chat) !== 0;

/** What the buttons carry, or null when one is too long. */
function buttonsOf(markup) {
  const rows = (typeof markup === 'string' ? JSON.parse(markup) : markup)?.inline_keyboard ?? [];
  const data = [];
  for (const row of rows) {
    for (const button of row) {
      if (button.callback_data === undefined) continue;
      if (Buffer.byteLength(button.callback_data) > 64) return null;
      data.push(button.callback_data);
    }
  }
  return data;
}

function tooMany() {
  if (perSecond === 0) return false;
  const now = performance.now();
  if (taken.length === perSecond && now - taken[0] < 1000) return true;
  if (taken.length === perSecond) taken.shift();
  taken.push(now);
  return false;
}

function refused() {
  counts.refused += 1;
  return { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } };
}

function invalid(what) {
  counts.invalid += 1;
  return { ok: false, error_code: 400, description: `Bad Request: ${what}` };
}

const shown = ({ id, chat }, text) => ({
  message_id: id,
  from: bot,
  chat: { id: chat, type: 'private', first_name: 'Osoba' },
  date: 1_700_000_000,
  text,
});

const server = createServer((request, response) => {
  const method = methods[request.url.slice(request.url.lastIndexOf('/') + 1)];
  const known = request.url.startsWith(`/bot${token}/`) && method;
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', async () => {
    const answer = known
      ? await method(body === '' ? {} : JSON.parse(body))
      : { ok: false, error_code: 404, description: 'Not Found' };
    const text = JSON.stringify(answer);
    response.writeHead(answer.ok ? 200 : answer.error_code, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;

/**
 * Presses the button whose data matches in `count` messages, `atOnce` side by side or one every `everyMs`. Resolves with
 * the milliseconds until each press was acknowledged and until its message showed something new.
 */
async function press({ pattern, count, atOnce = 1, everyMs = 0, edits = true }) {
  const matching = new RegExp(pattern);
  const targets = [];
  for (const own of chats.values()) {
    const message = own.findLast((m) => m.pressedAt === 0 && m.data.some((data) => matching.test(data)));
    if (message) targets.push(message);
    if (targets.length === count) break;
  }
  if (targets.length < count) throw new Error(`only ${targets.length} of ${count} buttons to press`);
  const pool = new Pool(webhook.url.origin, { connections: atOnce });
  const acknowledged = [];
  const edited = [];
  let allEdited;
  const done = new Promise((resolve) => {
    allEdited = resolve;
  });
  onEdit = (message) => {
    if (message.pressedAt === 0) return;
    edited.push(performance.now() - message.pressedAt);
    message.pressedAt = -1;
    if (edited.length === count) allEdited();
  };
  const started = performance.now();
  const queue = targets.values();
  const one = async (message) => {
    const data = message.data.find((d) => matching.test(d));
    message.pressedAt = performance.now();
    const from = message.pressedAt;
    const { statusCode, body } = await pool.request({
      path: webhook.url.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
      body: JSON.stringify(updateOf(message, data)),
    });
    const words = await body.text();
    if (words.startsWith('{')) {
      const { method, ...payload } = JSON.parse(words);
      await methods[method](payload);
    }
    if (statusCode !== 200) throw new Error(`a press was answered with ${statusCode}`);
    acknowledged.push(performance.now() - from);
  };
  if (everyMs > 0) {
    const pressed = [];
    for (const message of queue) {
      pressed.push(one(message));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    await Promise.all(pressed);
  } else {
    const hands = Array.from({ length: atOnce }, async () => {
      for (const message of queue) await one(message);
    });
    await Promise.all(hands);
  }
  const seconds = (performance.now() - started) / 1000;
  if (edits) await done;
  const secondsToEdited = (performance.now() - started) / 1000;
  onEdit = () => undefined;
  await pool.close();
  return { seconds, secondsToEdited, acknowledged, edited };
}

function updateOf(message, data) {
  const from = { id: message.chat, is_bot: false, first_name: 'Osoba', language_code: 'pl' };
  return {
    update_id: ++lastUpdate,
    callback_query: {
      id: String(++lastQuery),
      from,
      chat_instance: '1',
      data,
      message: {
        ...shown(message, 'x'),
        reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: data }]] },
      },
    },
  };
}

const orders = {
  /** Forgets everything; `perSecond` 0 = no limit. */
  reset({ perSecond: limit = 0 }) {
    counts = freshCounts();
    perSecond = limit;
    taken = [];
    return null;
  },
  forget() {
    chats.clear();
    messages.clear();
    return null;
  },
  counts: () => counts,
  /** How many of these chats have exactly one message more than `before`. */
  perChat: () => [...chats.values()].map((own) => own.length),
  /** Messages with buttons as a contender would have sent them. */
  show({ count, data }) {
    for (let chat = 1; chat <= count; chat++)
      methods.sendMessage({
        chat_id: chat,
        text: 'x',
        reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: data }]] },
      });
    return null;
  },
  /** Where presses go when no contender said so itself. */
  listen({ url, secret }) {
    return methods.setWebhook({ url, secret_token: secret });
  },
  press,
  /** Somebody writes; resolves when the next message is sent, with the moment (epoch milliseconds). */
  say: ({ chat, text }) => {
    const from = { id: chat, is_bot: false, first_name: 'Osoba', language_code: 'pl' };
    const message = {
      message_id: ++lastMessage,
      from,
      chat: { id: chat, type: 'private' },
      date: 1_700_000_000,
      text,
      entities: text.startsWith('/') ? [{ type: 'bot_command', offset: 0, length: text.length }] : [],
    };
    updates = [{ update_id: ++lastUpdate, message }];
    return new Promise((resolve) => {
      onSend = () => {
        onSend = () => undefined;
        resolve(Date.now());
      };
    });
  },
  cpu: () => process.cpuUsage(),
};

process.on('message', async ({ id, order, options }) => {
  try {
    process.send({ id, result: await orders[order](options ?? {}) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () =>
  process.send({ ready: { url: `http://127.0.0.1:${server.address().port}`, token } }),
);
