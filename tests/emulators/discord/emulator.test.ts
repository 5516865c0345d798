import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { shownText } from './markdown.ts';
import type { Person } from './person.ts';
import { DiscordEmulator } from './server.ts';

let emulator: DiscordEmulator;
let person: Person;
let now: number;

beforeEach(async () => {
  now = 1_800_000_000_000;
  emulator = await DiscordEmulator.start({
    now: () => now,
    rates: { global: 20, perChannel: 2, windowMs: 5000, openings: 2 },
  });
  person = emulator.person();
  person.account.opened = true;
  emulator.platform.commands = [{ name: 'menu', description: 'x' }];
});
afterEach(() => emulator.close());

async function call(method: string, path: string, body?: object, token = emulator.token) {
  const response = await fetch(`${emulator.url}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null };
}

const post = (body: object) => call('POST', `/channels/${person.account.channelId}/messages`, body);
const row = (...components: object[]) => ({ content: 'x', components: [{ type: 1, components }] });
const button = (n: number, more: object = {}) => ({
  type: 2,
  style: 2,
  label: `${n}`,
  custom_id: `b${n}`,
  ...more,
});
const buttons = (count: number) => Array.from({ length: count }, (_, n) => button(n));
const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ label: `${n}`, value: `${n}` }));
const list = (count: number, more: object = {}) => ({
  type: 3,
  custom_id: 'l',
  options: options(count),
  ...more,
});

describe('the stand-in for Discord refuses', () => {
  const refusals: [string, object, RegExp][] = [
    ['an unknown field', { content: 'x', colour: 'red' }, /colour/],
    ['a field of the wrong kind', { content: 5 }, /content/],
    ['no words', { content: ' \n' }, /50006/],
    ['too many words', { content: 'x'.repeat(2001) }, /2000 or fewer/],
    ['a long nonce', { content: 'x', nonce: 'x'.repeat(26) }, /25 or fewer/],
    ['six buttons in a row', row(...buttons(6)), /between 1 and 5/],
    [
      'six rows',
      { content: 'x', components: [0, 1, 2, 3, 4, 5].map((n) => ({ type: 1, components: [button(n)] })) },
      /5 or fewer/,
    ],
    ['the same data twice', row(button(1), button(1)), /cannot be duplicated/],
    ['a long label', row(button(1, { label: 'x'.repeat(81) })), /80 or fewer/],
    ['long data', row(button(1, { custom_id: 'x'.repeat(101) })), /100 or fewer/],
    ['an empty row', row(), /components/],
    ['a list beside a button', row(button(1), list(2)), /components/],
    ['26 options', row(list(26)), /between 1 and 25/],
    ['more to pick than there is', row(list(2, { max_values: 3 })), /max_values/],
    [
      'a link to this machine',
      row({ type: 2, style: 5, label: 'x', url: 'http://localhost:8080/' }),
      /well formed/,
    ],
    [
      'a link that is pressed',
      row({ type: 2, style: 5, label: 'x', custom_id: 'a', url: 'https://example.org' }),
      /custom_id|components/,
    ],
    ['hidden flags', { content: 'x', flags: 64 }, /flag/],
    [
      'an answer to nothing',
      { content: 'x', message_reference: { message_id: '100000000000000000' } },
      /message_reference/,
    ],
  ];

  it.each(refusals)('%s', async (_, body, words) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    expect(text).toMatch(words);
    expect(person.shown()).toEqual([]);
  });

  it('another token, another path, another’s message', async () => {
    expect(await call('GET', '/gateway/bot', undefined, 'x')).toMatchObject({
      status: 401,
      body: { code: 0 },
    });
    expect(await call('GET', '/users/@me/connections')).toMatchObject({ status: 404 });
    const theirs = person.say('moje');
    const path = `/channels/${person.account.channelId}/messages/${theirs.id}`;
    expect(await call('PATCH', path, { content: 'x' })).toMatchObject({
      status: 403,
      body: { code: 50_005 },
    });
  });

  it.each([
    ['closed', 50_007],
    ['stranger', 50_278],
    ['deleted', 10_003],
  ] as const)('messages to somebody who is %s', async (state, code) => {
    person.account.state = state;
    expect((await post({ content: 'x' })).body).toMatchObject({ code });
  });

  it('too many messages to one, too many calls, too many openings', async () => {
    const first = await post({ content: '1' });
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await post({ content: '2' });
    const third = await post({ content: '3' });
    expect(third).toMatchObject({ status: 429, body: { global: false, retry_after: 5 } });
    expect(third.headers.get('x-ratelimit-scope')).toBe('user');
    now += 5001;
    expect((await post({ content: '3' })).status).toBe(200);
    for (const n of [1, 2, 3]) {
      const opened = await call('POST', '/users/@me/channels', { recipient_id: emulator.person().id });
      expect(opened.body).toMatchObject(n < 3 ? { type: 1 } : { code: 40_003 });
    }
    for (let n = 0; n < 16; n++) await call('GET', '/gateway/bot');
    const last = await call('GET', '/gateway/bot');
    expect(last).toMatchObject({ status: 429, body: { global: true } });
    expect(last.headers.get('x-ratelimit-global')).toBe('true');
  });

  it('late, double and malformed answers', async () => {
    const answerTo = (asked: { id: string; token: string }, body: object) =>
      call('POST', `/interactions/${asked.id}/${asked.token}/callback`, body, 'none');
    const asked = person.pressData('x');
    expect((await answerTo(asked, { type: 6, data: {} })).body).toMatchObject({ code: 50_035 });
    expect(await answerTo(asked, { type: 6 })).toMatchObject({ status: 204, text: '' });
    expect((await answerTo(asked, { type: 6 })).body).toMatchObject({ code: 40_060 });
    const component = { type: 4, custom_id: 'words', style: 2 };
    const view = { custom_id: 'w', title: 'Okno', components: [{ type: 18, label: 'Co?', component }] };
    const slash = person.slash('menu');
    for (const wrong of [
      { type: 6 },
      { type: 9, data: { ...view, title: 'x'.repeat(46) } },
      { type: 9, data: { ...view, custom_id: 'x'.repeat(101) } },
      { type: 9, data: { ...view, components: [component] } },
      { type: 9, data: { ...view, components: [] } },
      { type: 9, data: { ...view, components: [{ type: 18, label: 'x'.repeat(46), component }] } },
      {
        type: 9,
        data: {
          ...view,
          components: [{ type: 18, label: 'x', component: { ...component, max_length: 4001 } }],
        },
      },
    ]) {
      expect((await answerTo(slash, wrong)).body).toMatchObject({ code: 50_035 });
    }
    expect(await answerTo(slash, { type: 9, data: view })).toMatchObject({ status: 204 });
    const submitted = person.submit('słowa');
    expect((await answerTo(submitted, { type: 9, data: view })).body).toMatchObject({ code: 50_035 });
    const late = person.slash('menu');
    now += 3001;
    expect((await answerTo(late, { type: 6 })).body).toMatchObject({ code: 10_062 });
    expect((await answerTo({ ...late, token: 'x' }, { type: 6 })).body).toMatchObject({ code: 10_062 });
  });

  it('commands it could not show', async () => {
    expect(() => person.slash('polls')).toThrow('no /polls');
    expect(() => person.slash('menu', 'x')).toThrow('nothing can be written');
    const write = (body: object) => call('PUT', `/applications/${emulator.platform.bot.id}/commands`, body);
    const command = { name: 'menu', description: 'x' };
    expect((await write([command])).status).toBe(200);
    for (const wrong of [
      [{ ...command, name: 'Menu' }],
      [{ ...command, name: 'me nu' }],
      [command, command],
      [{ ...command, description: 'x'.repeat(101) }],
      [{ ...command, name_localizations: { xx: 'menu' } }],
    ]) {
      expect((await write(wrong)).status).toBe(400);
    }
  });
});

it('shows a message with the same key once, for some minutes', async () => {
  const [first, second] = [
    await post({ content: 'x', nonce: 'k', enforce_nonce: true }),
    await post({ content: 'x', nonce: 'k', enforce_nonce: true }),
  ];
  expect(second.body.id).toBe(first.body.id);
  now += 6 * 60_000;
  expect((await post({ content: 'x', nonce: 'k', enforce_nonce: true })).body.id).not.toBe(first.body.id);
});

describe('its gateway closes on', () => {
  const identify = { op: 2, d: { token: 'stand-in.token.for-tests-only', intents: 1, properties: {} } };
  it.each([
    ['nonsense', ['{'], 4002],
    ['somebody nameless', [JSON.stringify({ op: 3, d: {} })], 4003],
    ['another token', [JSON.stringify({ ...identify, d: { ...identify.d, token: 'x' } })], 4004],
    ['two introductions', [JSON.stringify(identify), JSON.stringify(identify)], 4005],
    [
      'an intent there is not',
      [JSON.stringify({ ...identify, d: { ...identify.d, intents: 2 ** 30 } })],
      4013,
    ],
    [
      'a session taken up again further on than it ever was',
      [
        JSON.stringify(identify),
        JSON.stringify({ op: 6, d: { token: identify.d.token, session_id: 'session-1', seq: 99 } }),
      ],
      4007,
    ],
    [
      'a bot that says too much',
      [JSON.stringify(identify), ...Array.from({ length: 120 }, () => JSON.stringify({ op: 1, d: null }))],
      4008,
    ],
  ])('%s', async (_, said, code) => {
    const socket = new WebSocket(`ws://127.0.0.1:${emulator.port}/?v=10&encoding=json`);
    await new Promise((resolve) => socket.once('open', resolve));
    for (const text of said) socket.send(text);
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(code);
  });
});

it('and its gateway closes on a bot whose heart no longer beats', async () => {
  const impatient = await DiscordEmulator.start({ heartbeatMs: 20 });
  const socket = new WebSocket(`ws://127.0.0.1:${impatient.port}/?v=10&encoding=json`);
  expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4009);
  await impatient.close();
});

it.each([
  ['**a** _b_ ~~c~~ ||d||', 'a b c d', ['bold', 'italic', 'strike', 'spoiler']],
  ['# a\n-# b\n> c', 'a\nb\nc', ['heading', 'small', 'quote']],
  ['\\*a\\* \\# b', '*a* # b', []],
  ['[a](https://example.org) <@1> <#1>', 'a ⟨mention⟩ ⟨mention⟩', ['link', 'mention', 'mention']],
  ['https://example.org/a_b_c', 'https://example.org/a_b_c', ['address']],
  ['- a', '• a', ['list']],
  ['`*a*`', '*a*', ['code']],
])('shows %s as the app does', (content, text, kinds) => {
  const shown = shownText(content);
  expect(shown.text).toBe(text);
  expect(shown.marks.map((m) => m.kind)).toEqual(kinds);
});
