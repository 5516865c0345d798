import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseHtml } from './html.ts';
import type { Person } from './person.ts';
import { TelegramEmulator } from './server.ts';

let emulator: TelegramEmulator;
let person: Person;
let now = 1_800_000_000_000;

beforeEach(async () => {
  emulator = await TelegramEmulator.start({
    now: () => now,
    rates: { perSecond: 3, perChatPerSecond: 2, retryAfter: 7 },
  });
  person = emulator.person({ id: 42 });
  person.chat.state = 'open';
});
afterEach(() => emulator.close());

async function call(method: string, payload: object = {}, token = emulator.token) {
  const response = await fetch(`${emulator.url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  const body = (await response.json()) as {
    ok: boolean;
    description: string;
    error_code: number;
    parameters?: object;
    result: Record<string, unknown>[];
  };
  if (!body.ok) expect(response.status).toBe(body.error_code);
  return body;
}

const button = (more: object) => ({ reply_markup: { inline_keyboard: [[{ text: 'A', ...more }]] } });

describe('the stand-in for Telegram', () => {
  const text = { chat_id: 42, text: 'x' };
  const refusals: [string, string, object, RegExp][] = [
    ['an unknown method', 'sendEverything', {}, /404 Not Found/],
    ['an unknown field', 'sendMessage', { ...text, colour: 'red' }, /400 .*colour/],
    ['a field of the wrong kind', 'sendMessage', { chat_id: 42, text: 5 }, /400/],
    ['no words', 'sendMessage', { chat_id: 42, text: ' \n' }, /400 .*message text is empty/],
    ['too many words', 'sendMessage', { chat_id: 42, text: 'x'.repeat(4097) }, /400 .*message is too long/],
    ['a stranger', 'sendMessage', { ...text, chat_id: 43 }, /400 .*chat not found/],
    [
      'open markup',
      'sendMessage',
      { ...text, text: '<b>x', parse_mode: 'HTML' },
      /400 .*can't parse entities/,
    ],
    [
      'a bare ampersand',
      'sendMessage',
      { ...text, text: 'a & b', parse_mode: 'HTML' },
      /can't parse entities/,
    ],
    [
      'an unknown tag',
      'sendMessage',
      { ...text, text: '<p>x</p>', parse_mode: 'HTML' },
      /Unsupported start tag/,
    ],
    ['another markup', 'sendMessage', { ...text, parse_mode: 'Markdown' }, /400/],
    [
      '65 bytes in a button',
      'sendMessage',
      { ...text, ...button({ callback_data: 'ż'.repeat(33) }) },
      /BUTTON_DATA/,
    ],
    ['an empty button', 'sendMessage', { ...text, ...button({}) }, /Text buttons are not allowed/],
    [
      'telegraf’s own field',
      'sendMessage',
      { ...text, ...button({ callback_data: 'a', hide: false }) },
      /hide|400/,
    ],
    [
      'a local address',
      'sendMessage',
      { ...text, ...button({ url: 'http://localhost/x' }) },
      /BUTTON_URL_INVALID/,
    ],
    ['an unknown message', 'editMessageText', { ...text, message_id: 999 }, /message to edit not found/],
    [
      'an answer to nothing',
      'sendMessage',
      { ...text, reply_parameters: { message_id: 9 } },
      /replied not found/,
    ],
    ['an unknown query', 'answerCallbackQuery', { callback_query_id: '1' }, /query is too old/],
    ['a bad secret', 'setWebhook', { url: 'https://a.example', secret_token: 'a b' }, /unallowed characters/],
    ['a bad command', 'setMyCommands', { commands: [{ command: 'Zgłoś', description: 'x' }] }, /BOT_COMMAND/],
    ['101 updates', 'getUpdates', { limit: 101 }, /400/],
  ];

  it.each(refusals)('refuses %s', async (_, method, payload, description) => {
    const answer = await call(method, payload);
    expect(answer.ok).toBe(false);
    expect(`${answer.error_code} ${answer.description}`).toMatch(description);
  });

  it('refuses another token', async () => {
    expect(await call('getMe', {}, '1:wrong')).toMatchObject({
      error_code: 401,
      description: 'Unauthorized',
    });
  });

  it('knows who blocked it, has gone, or never pressed Start', async () => {
    emulator.person({ id: 43 });
    expect((await call('sendMessage', { ...text, chat_id: 43 })).description).toMatch(/can't initiate/);
    person.block();
    expect((await call('sendMessage', text)).description).toBe('Forbidden: bot was blocked by the user');
    person.say('znowu ja');
    expect((await call('sendMessage', text)).ok).toBe(true);
    person.deactivate();
    expect((await call('sendMessage', text)).description).toBe('Forbidden: user is deactivated');
  });

  it('asks to wait when there is too much, in all or for one chat', async () => {
    const other = emulator.person({ id: 43 });
    other.chat.state = 'open';
    await call('sendMessage', text);
    await call('sendMessage', text);
    expect(await call('sendMessage', text)).toMatchObject({
      error_code: 429,
      parameters: { retry_after: 7 },
    });
    expect((await call('sendMessage', { ...text, chat_id: 43 })).ok).toBe(true);
    expect((await call('sendMessage', { ...text, chat_id: 43 })).error_code).toBe(429);
    now += 1000;
    expect((await call('sendMessage', text)).ok).toBe(true);
  });

  it('keeps updates until an offset confirms them, and the kinds asked for only', async () => {
    person.say('a');
    person.say('b');
    person.block();
    const first = await call('getUpdates');
    expect(first.result).toHaveLength(3);
    const second = await call('getUpdates', {
      offset: first.result[1]?.update_id,
      allowed_updates: ['message'],
    });
    expect(second.result).toHaveLength(2);
    person.unblock();
    expect((await call('getUpdates', { offset: Number(first.result[2]?.update_id) + 1 })).result).toEqual([]);
  });

  it('waits with a long poll, and ends it when another begins', async () => {
    const waiting = call('getUpdates', { timeout: 30 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const taking = call('getUpdates', { timeout: 30 });
    expect(await waiting).toMatchObject({ error_code: 409 });
    person.say('a');
    expect((await taking).result).toHaveLength(1);
    await call('setWebhook', { url: 'http://127.0.0.1:9/' });
    expect(await call('getUpdates')).toMatchObject({ error_code: 409 });
  });

  it('hands over what waited when a webhook is set anew, and forgets nothing else with it', async () => {
    const heard: ServerResponse[] = [];
    const hook = createServer((_, response) => void heard.push(response)).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    await call('setWebhook', { url });
    person.say('a');
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await call('setWebhook', { url });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    for (const later of ['b', 'c']) person.say(later);
    for (const twice of heard) twice.end();
    for (const later of [3, 4]) {
      await vi.waitFor(() => expect(heard).toHaveLength(later));
      heard[later - 1]?.end();
    }
    await vi.waitFor(() => expect(emulator.platform.updates.pending).toHaveLength(0));
    hook.close();
  });

  it('takes the answer to a press for 15 seconds', async () => {
    await call('sendMessage', { ...text, ...button({ callback_data: 'a' }) });
    const [early, late] = [person.press('A'), person.press('A')];
    expect((await call('answerCallbackQuery', { callback_query_id: early })).ok).toBe(true);
    now += 15_001;
    expect((await call('answerCallbackQuery', { callback_query_id: late })).description).toMatch(/too old/);
  });

  it('changes a message, and says when nothing changes', async () => {
    const sent = (await call('sendMessage', text)).result as unknown as { message_id: number };
    const edit = { chat_id: 42, message_id: sent.message_id, text: '<b>y</b>', parse_mode: 'HTML' };
    expect((await call('editMessageText', edit)).ok).toBe(true);
    expect((await call('editMessageText', edit)).description).toMatch(/message is not modified/);
    const caption = { chat_id: 42, message_id: sent.message_id, caption: 'y' };
    expect((await call('editMessageCaption', caption)).description).toMatch(/no caption/);
    expect(person.last()).toMatchObject({ text: 'y', entities: [{ type: 'bold', offset: 0, length: 1 }] });
  });

  it('gives out the files people send', async () => {
    const { media } = person.sendPhoto('zepsute');
    const file = (await call('getFile', { file_id: media?.fileId })).result as unknown as {
      file_path: string;
    };
    const bytes = await fetch(`${emulator.url}/file/bot${emulator.token}/${file.file_path}`);
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
  });

  it('reads markup with places counted in UTF-16 units', () => {
    expect(parseHtml('🙂<b>a<i>b</i></b> &lt;&amp;&#322;')).toEqual({
      text: '🙂ab <&ł',
      entities: [
        { type: 'italic', offset: 3, length: 1 },
        { type: 'bold', offset: 2, length: 2 },
      ],
    });
  });
});
