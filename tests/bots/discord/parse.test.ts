import type {
  GatewayInteractionCreateDispatchData,
  GatewayMessageCreateDispatchData,
} from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { parseDispatch } from '../../../bots/discord/parse.ts';

const ala = {
  id: '100000000000000001',
  username: 'ala',
  discriminator: '0',
  global_name: 'Ala (test)',
  avatar: null,
};
const bot = { ...ala, id: '100000000000000002', username: 'wici', bot: true };
const channelId = '200000000000000001';
const token = 'Abcdefgh12345678';

/** Typed by the platform's own definitions: a payload that could not come does not compile. */
const plain: GatewayMessageCreateDispatchData = {
  id: '300000000000000001',
  channel_id: channelId,
  channel_type: 1,
  author: ala,
  content: 'Dzień dobry',
  timestamp: '2026-01-01T00:00:00.000Z',
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  pinned: false,
  type: 0,
};
const base = {
  channel: 'discord',
  externalEventId: plain.id,
  externalId: ala.id,
  displayName: 'Ala (test)',
};
const sticker = { id: '400000000000000001', name: 'fala', format_type: 1 as const };
const reference = { type: 0 as const, channel_id: channelId, message_id: '300000000000000000' };

const messages: [string, Partial<GatewayMessageCreateDispatchData>, object | null][] = [
  ['words', {}, { ...base, type: 'text', text: 'Dzień dobry' }],
  [
    'words that do not say where',
    { channel_type: undefined as never },
    { ...base, type: 'text', text: 'Dzień dobry' },
  ],
  ['a typed command', { content: '/Menu' }, { ...base, type: 'command', name: 'menu', args: '' }],
  [
    'a command with more',
    { content: '/start  abc-1_X ' },
    { ...base, type: 'command', name: 'start', args: 'abc-1_X' },
  ],
  [
    'a command in Polish',
    { content: '/zgłoś coś' },
    { ...base, type: 'command', name: 'zgłoś', args: 'coś' },
  ],
  ['a path', { content: '/a/b' }, { ...base, type: 'text', text: '/a/b' }],
  ['a file without words', { attachments: [{} as never] }, { ...base, type: 'text', text: 'Dzień dobry' }],
  [
    'only a file',
    { content: '', attachments: [{} as never] },
    { ...base, type: 'unsupported', what: 'attachment' },
  ],
  ['a sticker', { content: '', sticker_items: [sticker] }, { ...base, type: 'unsupported', what: 'sticker' }],
  ['a poll', { content: '', poll: {} as never }, { ...base, type: 'unsupported', what: 'poll' }],
  [
    'something forwarded',
    { content: '', message_reference: { ...reference, type: 1 }, message_snapshots: [{} as never] },
    { ...base, type: 'unsupported', what: 'forward' },
  ],
  [
    'an answer to us',
    { type: 19, message_reference: reference, referenced_message: { ...plain, author: bot } },
    { ...base, type: 'text', text: 'Dzień dobry', replyTo: reference.message_id },
  ],
  [
    'an answer to something deleted',
    { type: 19, message_reference: reference, referenced_message: null },
    { ...base, type: 'text', text: 'Dzień dobry', replyTo: reference.message_id },
  ],
  [
    'an answer to oneself',
    { type: 19, message_reference: reference, referenced_message: plain },
    { ...base, type: 'text', text: 'Dzień dobry' },
  ],
  ['a bot', { author: bot }, null],
  ['a webhook', { webhook_id: '5' }, null],
  ['a server', { guild_id: '600000000000000001' }, null],
  ['a pinned message', { type: 6 }, null],
  ['a call', { type: 3 }, null],
  ['nothing', { content: ' ' }, null],
  [
    'somebody without a name',
    { author: { ...ala, global_name: null } },
    { ...base, displayName: 'ala', type: 'text', text: 'Dzień dobry' },
  ],
];

describe('messages on Discord', () => {
  it.each(messages)('%s', (_, change, expected) => {
    const parsed = parseDispatch('MESSAGE_CREATE', { ...plain, ...change });
    if (expected === null) expect(parsed).toEqual({ kind: 'ignored' });
    else expect(parsed).toEqual({ kind: 'event', channelId, event: expected });
  });
});

type Interaction = GatewayInteractionCreateDispatchData;
const asked = {
  id: '300000000000000009',
  application_id: bot.id,
  token: 'interaction-token',
  version: 1,
  locale: 'pl',
  channel_id: channelId,
  user: ala,
};
const answer = { id: asked.id, token: asked.token, inServer: false, locale: 'pl' };
const who = { ...base, externalEventId: asked.id, languageHint: 'pl' };
const button = (custom_id: string) => ({ type: 3, data: { component_type: 2, custom_id } }) as const;
const list = (custom_id: string, values: string[]) =>
  ({ type: 3, data: { component_type: 3, custom_id, values } }) as const;
const other = '700000000000000001';
const slash = (name: string, options: object[] = [], resolved: object = {}) =>
  ({ type: 2, data: { id: '1', name, type: 1, options, resolved } }) as const;
const server = { guild_id: '600000000000000001', user: undefined, member: { user: ala } };
const action = { ...who, type: 'action', token };

const interactions: [string, object, object | null][] = [
  [
    'a button',
    button(`${token}:confirm`),
    {
      event: { ...action, id: 'confirm', values: [] },
      interaction: { ...answer, kind: 'component' },
      channelId,
    },
  ],
  [
    'an option',
    button(`${token}:vote:2`),
    {
      event: { ...action, id: 'vote', values: ['2'] },
      interaction: { ...answer, kind: 'component' },
      channelId,
    },
  ],
  [
    'a twin',
    button(`${token}:confirm#1`),
    {
      event: { ...action, id: 'confirm', values: [] },
      interaction: { ...answer, kind: 'component' },
      channelId,
    },
  ],
  [
    'a list',
    list(`${token}:vote`, ['0', '2']),
    {
      event: { ...action, id: 'vote', values: ['0', '2'] },
      interaction: { ...answer, kind: 'component' },
      channelId,
    },
  ],
  [
    'a list of actions',
    list(`${token}:menu`, [`${token}:polls`]),
    {
      event: { ...action, id: 'polls', values: [] },
      interaction: { ...answer, kind: 'component' },
      channelId,
    },
  ],
  [
    'a command',
    slash('report'),
    {
      event: { ...who, type: 'command', name: 'report', args: '' },
      interaction: { ...answer, kind: 'command' },
      channelId,
    },
  ],
  [
    'a command with words',
    slash('report', [{ type: 3, name: 'text', value: ' brak prądu ' }]),
    {
      event: { ...who, type: 'command', name: 'report', args: 'brak prądu' },
      interaction: { ...answer, kind: 'command' },
      channelId,
    },
  ],
  [
    'a command in a server',
    { ...slash('menu'), ...server },
    {
      event: { ...who, type: 'command', name: 'menu', args: '' },
      interaction: { ...answer, kind: 'command', inServer: true },
    },
  ],
  [
    'a press in a server, with where',
    { ...button(`${token}:confirm`), ...server },
    {
      event: {
        ...{ ...who, type: 'action', token, id: 'confirm', values: [] },
        inGroup: { externalId: `#${channelId}`, reachable: true },
      },
      interaction: { ...answer, kind: 'component', inServer: true, aside: true },
    },
  ],
  ...(
    [
      ['where it was typed', 'asking for a Join button', [], '32', true],
      [
        'in another channel',
        'asking for a Join button elsewhere',
        [{ type: 7, name: 'channel', value: other }],
        '8',
        true,
      ],
      ['without the right', 'asking for a Join button without managing the server', [], '3072', false],
      ['with rights nobody can read', 'asking for a Join button with unreadable rights', [], 'x', false],
    ] as const
  ).map(([, title, options, permissions, manages]): [string, object, object] => [
    title,
    {
      ...server,
      ...slash('wici', [{ type: 1, name: 'setup', options }], {
        channels: { [other]: { id: other, name: 'inny', type: 5 } },
      }),
      channel: { id: channelId, name: 'wieści', type: 0 },
      member: { user: ala, permissions },
    },
    {
      event: {
        ...{ ...who, type: 'setUp', manages },
        group:
          options.length > 0
            ? { externalId: `#${other}`, title: '#inny' }
            : { externalId: `#${channelId}`, title: '#wieści' },
      },
      interaction: { ...answer, kind: 'command', inServer: true, aside: true },
    },
  ]),
  ['a forged button', button('no action of ours'), null],
  ['an unknown component', { type: 3, data: { component_type: 8, custom_id: `${token}:a` } }, null],
  ['a menu on a user', { type: 2, data: { id: '1', name: 'x', type: 2 } }, null],
  ['completion while typing', { ...slash('report'), type: 4 }, null],
  ['nobody', { ...button(`${token}:a`), user: undefined }, null],
];

describe('interactions on Discord', () => {
  it.each(interactions)('%s', (_, change, expected) => {
    const parsed = parseDispatch('INTERACTION_CREATE', { ...asked, ...change } as unknown as Interaction);
    expect(parsed).toEqual(expected === null ? { kind: 'ignored' } : { kind: 'event', ...expected });
  });
});

it.each([
  ['MESSAGE_CREATE', null],
  ['MESSAGE_CREATE', { id: 5 }],
  ['MESSAGE_CREATE', { ...plain, author: 'x' }],
  ['INTERACTION_CREATE', 'x'],
  ['INTERACTION_CREATE', { ...asked, type: 3 }],
  ['TYPING_START', plain],
  [null, plain],
])('nothing readable in %s is ignored: %#', (type, data) => {
  expect(parseDispatch(type, data)).toEqual({ kind: 'ignored' });
});
