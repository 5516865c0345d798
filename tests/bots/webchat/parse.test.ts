import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Posted, parse, parseCommand } from '../../../bots/webchat/parse.ts';

const id = 'post-00000001';
const texts = fc
  .array(fc.constantFrom(...'/ aŁ7_-@\n<&\u202e', '🙂', 'start'))
  .map((parts) => parts.join(''));
const events: readonly [string, Posted, object][] = [
  ['words', { kind: 'message', id, text: 'Dzień dobry' }, { type: 'text', text: 'Dzień dobry' }],
  [
    'words in reply to a message',
    { kind: 'message', id, text: 'Będziemy', replyTo: '01JMESSAGE' },
    { type: 'text', text: 'Będziemy', replyTo: '01JMESSAGE' },
  ],
  ['a command', { kind: 'message', id, text: '/Menu' }, { type: 'command', name: 'menu', args: '' }],
  [
    'a Polish command with what follows it',
    { kind: 'message', id, text: ' /zgłoś  brama\nnie działa ' },
    { type: 'command', name: 'zgłoś', args: 'brama\nnie działa' },
  ],
  [
    'a path that is no command',
    { kind: 'message', id, text: '/etc/hosts' },
    { type: 'text', text: '/etc/hosts' },
  ],
  ['a lone slash', { kind: 'message', id, text: '/' }, { type: 'text', text: '/' }],
  ['only an emoji', { kind: 'message', id, text: '👩‍🏭' }, { type: 'text', text: '👩‍🏭' }],
  [
    'markup as it was typed',
    { kind: 'message', id, text: '<b>*x*</b>' },
    { type: 'text', text: '<b>*x*</b>' },
  ],
  [
    'an opened link',
    { kind: 'open', id, code: 'ABCD1234' },
    { type: 'command', name: 'start', args: 'ABCD1234' },
  ],
  ['an opened page', { kind: 'open', id, code: '' }, { type: 'command', name: 'start', args: '' }],
  [
    'a press',
    { kind: 'action', id, token: 'T000000000000001', action: 'confirm', values: [] },
    { type: 'action', token: 'T000000000000001', id: 'confirm', values: [] },
  ],
  [
    'a submitted choice',
    { kind: 'action', id, token: 'T000000000000001', action: 'vote', values: ['0', '2'] },
    { type: 'action', token: 'T000000000000001', id: 'vote', values: ['0', '2'] },
  ],
];

describe('what the chat page posts', () => {
  it.each(events)('is understood: %s', (_, posted, expected) => {
    expect(parse('someone', posted)).toMatchObject({
      channel: 'webchat',
      externalId: 'someone',
      ...expected,
    });
  });

  it('carries the browser’s language as a hint', () => {
    const event = parse('someone', { kind: 'open', id, code: '', languageHint: 'pl-PL' });
    expect(event.languageHint).toBe('pl-PL');
  });

  it('is one event however often it is posted, and never another person’s', () => {
    const posted: Posted = { kind: 'message', id, text: 'a' };
    expect(parse('a', posted).externalEventId).toBe(parse('a', posted).externalEventId);
    expect(parse('a', posted).externalEventId).not.toBe(parse('b', posted).externalEventId);
  });

  it('leaves an event id that names neither the person nor the post', () => {
    const { externalEventId } = parse('someone', { kind: 'message', id, text: 'a' });
    expect(externalEventId).not.toContain('someone');
    expect(externalEventId).not.toContain(id);
  });

  it('is an event of one kind for any text at all', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const event = parse('someone', { kind: 'message', id, text });
        if (event.type === 'text') expect(event.text).toBe(text);
        else expect(event).toMatchObject({ type: 'command', ...parseCommand(text) });
      }),
    );
  });
});
