import { describe, expect, it } from 'vitest';
import { parseDelivery } from '../../../bots/slack/parse.ts';
import { typedText } from '../../../bots/slack/typed-text.ts';
import { token } from './support.ts';

const self = 'U0WICIBOT';
const event = (fields: object) => ({
  type: 'event_callback',
  event_id: 'Ev1',
  event: {
    type: 'message',
    channel: 'D1A',
    channel_type: 'im',
    user: 'U1A',
    text: 'cześć',
    ts: '1700000000.000100',
    ...fields,
  },
});
const action = (fields: object, more: object = {}) => ({
  type: 'block_actions',
  user: { id: 'U1A' },
  trigger_id: 'trigger-1',
  channel: { id: 'D1A' },
  actions: [{ type: 'button', action_id: 'press-0-0', block_id: 'actions-0.0', ...fields }],
  ...more,
});
const slash = (text: string) => ({ command: '/wici', text, user_id: 'U1A', trigger_id: 'trigger-2' });
const base = { channel: 'slack', externalId: 'U1A' };

describe('What Slack delivers', () => {
  it.each([
    ['a text', event({}), { ...base, externalEventId: 'Ev1', type: 'text', text: 'cześć' }],
    ['a text of the app home', event({ channel_type: 'app_home' }), { type: 'text', text: 'cześć' }],
    ['escaped characters', event({ text: '1 &lt; 2 &amp;amp; 3' }), { text: '1 < 2 &amp; 3' }],
    [
      'links and mentions',
      event({ text: '<http://t.me/x|t.me/x> <@U2> <#C1|ogólny> <!here>' }),
      { text: 't.me/x @U2 #ogólny @here' },
    ],
    [
      'a command after a space',
      event({ text: ' /Menu  teraz ' }),
      { type: 'command', name: 'menu', args: 'teraz' },
    ],
    ['a path', event({ text: '/usr/bin' }), { type: 'text', text: '/usr/bin' }],
    [
      'a file with words',
      event({ subtype: 'file_share', files: [{}], text: 'zdjęcie' }),
      { type: 'text', text: 'zdjęcie' },
    ],
    [
      'a file without words',
      event({ subtype: 'file_share', files: [{}], text: '' }),
      { type: 'unsupported', what: 'file' },
    ],
    [
      'an answer in a thread of ours',
      event({ thread_ts: '1600000000.000001', parent_user_id: self }),
      { type: 'text', replyTo: 'D1A:1600000000.000001' },
    ],
    [
      'a pressed button',
      action({ value: `${token}:confirm` }),
      { ...base, externalEventId: 'trigger-1', type: 'action', token, id: 'confirm', values: [] },
    ],
    [
      'a chosen option',
      action({ type: 'radio_buttons', action_id: 'pick', selected_option: { value: `${token}:vote:3` } }),
      { type: 'action', id: 'vote', values: ['3'] },
    ],
    [
      'a press in a channel',
      action({ value: `${token}:confirm` }, { channel: { id: 'C1' } }),
      { ...base, id: 'confirm' },
    ],
    [
      'the bare command',
      slash(''),
      { ...base, externalEventId: 'trigger-2', type: 'command', name: 'menu', args: '' },
    ],
    [
      'asking for a Join button where it is typed',
      { ...slash('setup'), channel_id: 'C1A', channel_name: 'wieści' },
      { type: 'setUp', group: { externalId: 'C1A', title: '#wieści' }, manages: false },
    ],
    [
      'asking for a Join button in a channel by its name',
      { ...slash('Setup #ogłoszenia '), channel_id: 'C1A', channel_name: 'wieści' },
      { type: 'setUp', group: { named: '#ogłoszenia' }, manages: false },
    ],
    [
      'asking for a Join button in a conversation',
      { ...slash('setup'), channel_id: 'D1A', channel_name: 'directmessage' },
      { type: 'setUp', group: null, manages: false },
    ],
    ['a sub-command', slash('Zgłoś  coś ważnego '), { type: 'command', name: 'zgłoś', args: 'coś ważnego' }],
    ['a sub-command with a slash', slash('/start ABC-1'), { type: 'command', name: 'start', args: 'ABC-1' }],
  ])('%s', (_, body, expected) => {
    expect(parseDelivery(body, self)).toMatchObject({ kind: 'event', event: expected });
  });

  it.each([
    ['our own message', event({ user: self })],
    ['a message of another bot', event({ bot_id: 'B1' })],
    ['a change of a message', event({ subtype: 'message_changed' })],
    ['a deletion', event({ subtype: 'message_deleted' })],
    ['a message in a channel', event({ channel_type: 'channel', channel: 'C1' })],
    ['a message without words', event({ text: ' ' })],
    ['a message without an author', event({ user: undefined })],
    ['an opened app home', event({ type: 'app_home_opened' })],
    ['a turned checkbox', action({ type: 'checkboxes', action_id: 'mark' })],
    ['a followed link', action({ action_id: 'link-0-0' })],
    ['a forged value', action({ value: 'what:ever:is:this' })],
    ['an input button without its words', action({ action_id: 'write-0', value: '{' })],
    ['an empty submission', { type: 'view_submission', user: { id: 'U1A' }, view: {} }],
    ['a shortcut', { type: 'shortcut' }],
    ['nothing', null],
    ['a text', 'x'],
    ['an array', [1]],
  ])('ignores %s', (_, body) => {
    expect(parseDelivery(body, self)).toEqual({ kind: 'ignored' });
  });

  it('does not take a thread of the person for an answer to us', () => {
    const parsed = parseDelivery(event({ thread_ts: '1600000000.000001', parent_user_id: 'U1A' }), self);
    expect(parsed).not.toHaveProperty('event.replyTo');
  });

  it('reads several chosen options in the order they were offered, from the block of their own submit button', () => {
    const values = {
      'marks-2.0': { mark: { type: 'checkboxes', selected_options: [{ value: '2.c' }, { value: '0.a' }] } },
      'marks-20.0': { mark: { type: 'checkboxes', selected_options: [{ value: '1.x' }] } },
    };
    const submit = { action_id: 'submit', block_id: 'submit-2', value: `${token}:vote` };
    const parsed = parseDelivery(action(submit, { state: { values } }), self);
    expect(parsed).toMatchObject({ event: { type: 'action', id: 'vote', values: ['a', 'c'] } });
  });

  it('takes what was typed from the rich text, where emoji, links and lists are whole', () => {
    const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
    const text = (words: string) => ({ type: 'text', text: words });
    const elements = [
      section(text('Hej '), { type: 'emoji', name: 'family', unicode: '1f468-200d-1f469' }, text(' *nie* ')),
      section(
        { type: 'link', url: 'https://example.org/a?b=1' },
        { type: 'user', user_id: 'U2' },
        { type: 'broadcast', range: 'here' },
        { type: 'emoji', name: 'wici' },
        text('\n'),
      ),
      { type: 'rich_text_list', style: 'ordered', elements: [section(text('raz')), section(text('dwa'))] },
      { type: 'rich_text_quote', elements: [text('cytat')] },
      { type: 'rich_text_preformatted', elements: [text('x < y')] },
    ];
    expect(typedText({ text: 'nie to', blocks: [{ type: 'rich_text', elements }] })).toBe(
      'Hej 👨‍👩 *nie* https://example.org/a?b=1@U2@here:wici:\n1. raz\n2. dwa\n> cytat\nx < y\n',
    );
  });
});
