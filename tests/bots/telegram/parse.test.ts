import { describe, expect, it } from 'vitest';
import { parseUpdate } from '../../../bots/telegram/parse.ts';

const from = { id: 7, is_bot: false, first_name: 'Ala', last_name: 'Testowa', language_code: 'pl' };
const chat = { id: 7, type: 'private', first_name: 'Ala' };
const bot = { id: 1, is_bot: true, first_name: 'Wici' };
const message = (content: object) => ({
  update_id: 9,
  message: { message_id: 3, date: 1, chat, from, ...content },
});
const query = (content: object) => ({ update_id: 9, callback_query: { id: 'q1', from, ...content } });
const shown = (more: object = {}) => ({ message_id: 5, date: 1, chat, from: bot, text: 'x', ...more });
const base = {
  channel: 'telegram',
  externalEventId: '9',
  externalId: '7',
  displayName: 'Ala Testowa',
  languageHint: 'pl',
};
const token = 'Abcdefgh12345678';

const group = { id: -5, type: 'supergroup', title: 'x' };
const letIn = (status: string) => ({
  update_id: 9,
  my_chat_member: { chat: group, from, date: 1, new_chat_member: { user: bot, status } },
});

const events: [string, object, object][] = [
  [
    'a press in a group, with who pressed and where',
    query({ message: shown({ chat: group }), data: `${token}:confirm` }),
    {
      ...{ type: 'action', token, id: 'confirm', values: [], externalMessageId: '5' },
      inGroup: { externalId: '-5', reachable: false },
    },
  ],
  [
    'being let into a group',
    letIn('member'),
    { type: 'group', group: { externalId: '-5', title: 'x' }, change: 'letIn' },
  ],
  [
    'being let out of a group',
    letIn('kicked'),
    { type: 'group', group: { externalId: '-5', title: 'x' }, change: 'letOut' },
  ],
  [
    'a group that is called something else',
    message({ chat: group, new_chat_title: 'Zarząd' }),
    { type: 'group', group: { externalId: '-5', title: 'Zarząd' }, change: 'renamed' },
  ],
  ['a text', message({ text: 'Dzień dobry' }), { type: 'text', text: 'Dzień dobry' }],
  [
    'a text answering a message of ours',
    message({ text: 'tak', reply_to_message: { message_id: 4, from: bot, text: 'x' } }),
    { type: 'text', text: 'tak', replyTo: '4' },
  ],
  [
    'a text answering a picture of ours',
    message({ text: 'tak', reply_to_message: { message_id: 4, from: bot, photo: [{}] } }),
    { type: 'text', text: 'tak', replyTo: '4p' },
  ],
  [
    'a text answering a message of their own',
    message({ text: 'tak', reply_to_message: { message_id: 4, from } }),
    { type: 'text', text: 'tak' },
  ],
  ['a caption', message({ photo: [{}], caption: 'zepsute' }), { type: 'text', text: 'zepsute' }],
  ['an invitation', message({ text: '/start Kod-1_x' }), { type: 'command', name: 'start', args: 'Kod-1_x' }],
  [
    'a command naming the bot',
    message({ text: '/Menu@wici_bot' }),
    { type: 'command', name: 'menu', args: '' },
  ],
  [
    'a Polish command with words after it',
    message({ text: '/zgłoś  nie działa\nwinda ' }),
    { type: 'command', name: 'zgłoś', args: 'nie działa\nwinda' },
  ],
  ['a path', message({ text: '/etc/passwd' }), { type: 'text', text: '/etc/passwd' }],
  ['a lone slash', message({ text: '/ co' }), { type: 'text', text: '/ co' }],
  ['a sticker', message({ sticker: { file_id: 'f' } }), { type: 'unsupported', what: 'sticker' }],
  ['a voice message', message({ voice: { file_id: 'f' } }), { type: 'unsupported', what: 'voice' }],
  ['a picture without words', message({ photo: [{}] }), { type: 'unsupported', what: 'photo' }],
  [
    'a place',
    message({ location: { latitude: 1, longitude: 2 }, venue: {} }),
    { type: 'unsupported', what: 'venue' },
  ],
  [
    'a button',
    query({ message: shown(), data: `${token}:confirm` }),
    { type: 'action', externalMessageId: '5', token, id: 'confirm', values: [] },
  ],
  [
    'a choice',
    query({ message: shown(), data: `${token}:vote:3` }),
    { type: 'action', externalMessageId: '5', token, id: 'vote', values: ['3'] },
  ],
  [
    'a submitted choice, from its marks',
    query({
      message: shown({
        reply_markup: {
          inline_keyboard: [
            [{ text: '☑ A', callback_data: `+${token}:vote:a` }],
            [{ text: '☐ B', callback_data: `-${token}:vote:b` }],
            [{ text: '☑ C', callback_data: `+${token}:vote:c` }],
          ],
        },
      }),
      data: `=${token}:vote:1`,
    }),
    { type: 'action', externalMessageId: '5', token, id: 'vote', values: ['a', 'c'] },
  ],
  [
    'a choice submitted on a message no longer at hand, from its mask',
    query({ message: { chat, message_id: 5, date: 0 }, data: `=${token}:vote:b` }),
    { type: 'action', token, id: 'vote', values: ['0', '1', '3'] },
  ],
  [
    'a blocked bot',
    {
      update_id: 9,
      my_chat_member: { chat, from, date: 1, new_chat_member: { user: bot, status: 'kicked' } },
    },
    { type: 'blocked' },
  ],
  [
    'a bot let in again',
    {
      update_id: 9,
      my_chat_member: { chat, from, date: 1, new_chat_member: { user: bot, status: 'member' } },
    },
    { type: 'joined' },
  ],
];

const ignored: [string, unknown][] = [
  ['a group message', { update_id: 9, message: { message_id: 3, chat: group, from, text: '/start' } }],
  [
    'a press in a channel',
    query({ message: shown({ chat: { ...group, type: 'channel' } }), data: `${token}:confirm` }),
  ],
  ['a forged button', query({ message: shown(), data: "'; drop table member" })],
  ['a button without data', query({ message: shown() })],
  ['an edited message', { update_id: 9, edited_message: { message_id: 3, chat, from, text: 'x' } }],
  ['a pinned message', message({ pinned_message: {} })],
  ['only spaces', message({ text: '  \n' })],
  ['a bot', message({ text: 'x', from: bot })],
  ['nobody', message({ text: 'x', from: undefined })],
  ['a text that is no text', message({ text: { a: 1 } })],
  ['null', null],
  ['a list', []],
  ['words', 'update'],
];

describe('a Telegram update', () => {
  it.each(events)('says: %s', (_, update, event) => {
    const parsed = parseUpdate(update, 9);
    expect(parsed).toMatchObject({ kind: 'event', chat: '7' });
    expect(parsed.kind === 'event' && parsed.event).toEqual({ ...base, ...event });
  });

  it.each(ignored)('means nothing to us: %s', (_, update) => {
    expect(parseUpdate(update, 9).kind).toBe('ignored');
  });

  it('turns a mark of a multiple choice without being an event', () => {
    const pressed = `-${token}:vote:a`;
    expect(parseUpdate(query({ message: shown(), data: pressed }), 9)).toMatchObject({
      kind: 'toggle',
      chat: '7',
      pressed,
      query: { id: 'q1', messageId: 5 },
    });
  });

  it('is answered when it is a press, even one that cannot be read', () => {
    const unreadable = { update_id: 9, callback_query: { id: 'q1', from: 'nobody', data: 5 } };
    expect(parseUpdate(unreadable, 9)).toMatchObject({ kind: 'ignored', query: { id: 'q1' } });
  });
});
