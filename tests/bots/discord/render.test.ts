import type {
  RESTPatchAPIChannelMessageJSONBody,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldData, windowOf } from '../../../bots/discord/field.ts';
import { nonceOf, renderEdits, renderSend } from '../../../bots/discord/render.ts';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { callback, checked, createMessage, editMessage } from '../../emulators/discord/fields.ts';
import { shownText } from '../../emulators/discord/markdown.ts';
import { message, token } from './support.ts';

const plainly = { flags: 4, allowed_mentions: { parse: [] } };
const picture = { id: 'p', fileName: 'hala.png', contentType: 'image/png', data: new Uint8Array([1]) };
const image: Block<string> = { type: 'image', media: picture, alt: 'Hala' };
const text = (words: string): Block<string> => ({ type: 'text', text: words });
const press = (count: number): Block<string> => ({
  type: 'actions',
  actions: Array.from({ length: count }, (_, n) => ({ kind: 'press', id: `a${n}`, label: `A${n}` })),
});
const choice = (count: number, multiple: boolean, label = 'Opcja'): Block<string> => ({
  type: 'choice',
  id: 'vote',
  multiple,
  options: Array.from({ length: count }, (_, n) => ({ value: `${n}`, label: `${label} ${n}` })),
  submitLabel: 'Wyślij',
});

/** Every message of it, as the platform's own types and our stand-in take it. */
function sent(blocks: readonly Block<string>[]): RESTPostAPIChannelMessageJSONBody[] {
  return renderSend(message(blocks)).map(({ body }) => {
    checked(createMessage, body);
    return body;
  });
}

describe('messages for Discord', () => {
  it('are exactly this', () => {
    const blocks: Block<string>[] = [
      { type: 'text', style: 'title', text: 'Hala *nowa*' },
      text('Od poniedziałku'),
      { type: 'text', style: 'note', text: 'Uwaga\n\ndwa' },
      { type: 'text', style: 'quote', text: 'raz\ndwa' },
      { type: 'fields', items: [{ label: 'Rodzaj', value: 'Inne' }] },
      { type: 'divider' },
      {
        type: 'actions',
        actions: [
          { kind: 'press', id: 'confirm', label: 'Przeczytane', style: 'primary' },
          { kind: 'press', id: 'stop', label: 'Koniec', style: 'danger' },
          { kind: 'link', label: 'Strona', url: 'https://example.org/a' },
          { kind: 'link', label: 'Panel', url: 'http://localhost:8080/' },
        ],
      },
    ];
    const [{ body, files } = expect.unreachable(), ...others] = renderSend(
      message(blocks, { deliveryId: 'd', replyTo: '300000000000000001' }),
    );
    const exactly: RESTPostAPIChannelMessageJSONBody = {
      content: [
        '**Hala \\*nowa\\***',
        '',
        'Od poniedziałku',
        '',
        '-# Uwaga',
        '',
        '-# dwa',
        '',
        '> raz',
        '> dwa',
        '',
        '**Rodzaj:** Inne',
        '',
        '———',
        '',
        'Panel: http://localhost:8080/',
      ].join('\n'),
      flags: 4,
      allowed_mentions: { parse: [] },
      nonce: nonceOf('d', 0),
      enforce_nonce: true,
      message_reference: { message_id: '300000000000000001', fail_if_not_exists: false },
      components: [
        {
          type: 1,
          components: [
            { type: 2, style: 1, label: 'Przeczytane', custom_id: `${token}:confirm` },
            { type: 2, style: 4, label: 'Koniec', custom_id: `${token}:stop` },
            { type: 2, style: 5, label: 'Strona', url: 'https://example.org/a' },
          ],
        },
      ],
    };
    expect(others).toEqual([]);
    expect(body).toEqual(exactly);
    expect(files).toEqual([]);
  });

  it('open a window where words are asked for: its title and label travel in the button', () => {
    const field = { label: 'Co | przeszkadza?', title: 'Zgłoszenie', submit: 'Wyślij', cancel: 'Anuluj' };
    const [body] = sent([
      { type: 'input', id: 'words', ...field },
      { type: 'actions', actions: [{ kind: 'press', id: 'menu.report', label: 'Zgłoś', field }] },
    ]);
    const data = (id: string) => `${token}:${id}|Zgłoszenie|Co / przeszkadza?`;
    expect(body?.components).toMatchObject([
      { components: [{ type: 2, label: '✎ Co | przeszkadza?', custom_id: data('words') }] },
      { components: [{ type: 2, label: 'Zgłoś', custom_id: data('menu.report') }] },
    ]);
    expect(windowOf(data('words'))?.view).toMatchObject({ custom_id: `${token}:words`, title: 'Zgłoszenie' });
    const long = { label: 'ż'.repeat(300), title: 'ó'.repeat(300), submit: '', cancel: '' };
    const most = fieldData(token, 'a'.repeat(20), long);
    expect(most.length).toBeLessThanOrEqual(98);
    expect(callback.safeParse({ type: 9, data: windowOf(most)?.view }).error).toBeUndefined();
  });

  it('offer a few options as buttons, more as a list, several at once always as a list', () => {
    const [few] = sent([choice(5, false)]);
    expect(few?.components).toMatchObject([
      { components: [0, 1, 2, 3, 4].map((n) => ({ type: 2, custom_id: `${token}:vote:${n}` })) },
    ]);
    const [many] = sent([choice(6, false)]);
    expect(many?.components).toMatchObject([{ components: [{ type: 3, custom_id: `${token}:vote` }] }]);
    const [several] = sent([choice(3, true)]);
    expect(several?.components).toMatchObject([
      { components: [{ type: 3, min_values: 1, max_values: 3, placeholder: 'Wyślij' }] },
    ]);
    const [lots] = sent([choice(30, false)]);
    expect(lots?.components).toMatchObject([
      { components: [{ custom_id: `${token}:vote`, options: { length: 25 } }] },
      { components: [{ custom_id: `${token}:vote#1`, options: { length: 5 } }] },
    ]);
  });

  it('number options too long for their place and write them out', () => {
    const [body] = sent([choice(2, false, 'bardzo '.repeat(20).trim())]);
    expect(body?.content).toMatch(/^1\\\. bardzo .* 0\n2\\\. bardzo .* 1$/);
    expect(body?.components).toMatchObject(
      [{ components: [{ label: /^1\. bardzo .*…$/ }, {}] }].map(() => ({})),
    );
  });

  it('put six buttons on two rows, and thirty into a list', () => {
    expect(sent([press(6)])[0]?.components).toMatchObject([
      { components: { length: 5 } },
      { components: { length: 1 } },
    ]);
    const [thirty] = sent([
      press(30),
      { type: 'actions', actions: [{ kind: 'link', label: 'L', url: 'https://example.org' }] },
    ]);
    expect(thirty?.components).toMatchObject([
      { components: [{ type: 3, options: { length: 25 } }] },
      { components: [{ type: 3, custom_id: `${token}:menu#1`, options: { length: 5 } }] },
      { components: [{ type: 2, style: 5 }] },
    ]);
  });

  it('keep twins apart, which the platform refuses', () => {
    const [body] = sent([press(1), press(1)]);
    expect(JSON.stringify(body?.components)).toContain(`${token}:a0#1`);
  });

  it('refuse what no message can carry', () => {
    expect(() => sent([choice(26, true)])).toThrow(RangeError);
    const large = { ...picture, data: { byteLength: 11 * 1024 * 1024 } as Uint8Array };
    expect(() => sent([{ type: 'file', media: large, label: 'x' }])).toThrowError(
      expect.objectContaining({ code: 'Rejected' }),
    );
  });

  it('carry files with their description on the last part, words or none', () => {
    const [only] = renderSend(message([{ type: 'image', media: picture, alt: '' }]));
    expect(only?.body.content).toBeUndefined();
    const parts = renderSend(message([image, text('słowo '.repeat(700))]));
    expect(parts.map(({ files }) => files.length)).toEqual([0, 0, 1]);
    expect(parts.at(-1)?.body.attachments).toEqual([{ id: 0, filename: 'hala.png', description: 'Hala' }]);
  });

  it('have words even when they are only buttons', () => {
    expect(sent([press(1)])[0]?.content).toBe('👇');
  });

  it('are edited as a whole: words and buttons, gone when there are none', () => {
    const bodies: RESTPatchAPIChannelMessageJSONBody[] = renderEdits(message('Po'), 1);
    expect(bodies).toEqual([{ content: 'Po', ...plainly, components: [] }]);
    const [wordless] = renderEdits(message([{ type: 'image', media: picture, alt: '' }]), 1);
    expect(wordless?.content).toBe('');
  });

  it('go on saying everything, once, when an edit adds a line to a message of any length', () => {
    const note = (said: string): Block<string> => ({ type: 'text', style: 'note', text: said });
    const read = note('✓ Przeczytane 12:04');
    for (let length = 1500; length <= 4000; length += 17) {
      for (const word of ['słowo ', 'a_b ']) {
        const said = [text(word.repeat(length).slice(0, length).trim()), note('Można odpowiedzieć.')];
        const parts = sent(said).length;
        const edited = renderEdits(message([...said, read]), parts).map((body) => checked(editMessage, body));
        expect(edited).toHaveLength(parts);
        const shown = edited.map(({ content }) => shownText(content ?? '').text);
        const whole = [...said, read].map((block) => ('text' in block ? block.text : '')).join('');
        expect(bare(shown.join(''))).toBe(bare(whole));
      }
    }
  });

  it('edited to more than their parts hold end with an ellipsis, small print and buttons kept', () => {
    const note: Block<string> = { type: 'text', style: 'note', text: 'Poprawione 12:04' };
    const edited = renderEdits(message([text('słowo '.repeat(900)), note, press(1)]), 2);
    for (const body of edited) checked(editMessage, body);
    const [first, last] = edited;
    expect(edited).toHaveLength(2);
    expect(last?.content).toMatch(/słowo ?…\n-# Poprawione 12:04$/);
    expect([first?.components, last?.components?.length]).toEqual([[], 1]);
  });

  it('have a key of at most 25 characters, the same for the same part', () => {
    const ulid = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
    const keys = [nonceOf(ulid, 0), nonceOf(ulid, 1), nonceOf(ulid, 12), nonceOf(`${ulid}x`, 0)];
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(25);
    expect(nonceOf(ulid, 1)).toBe(keys[1]);
  });
});

const marks = fc.constantFrom(
  ...[
    '*',
    '**',
    '_',
    '__',
    '~~',
    '||',
    '`',
    '```',
    '\\',
    '[',
    '](',
    ')',
    '<',
    '>',
    '@everyone',
    '<@123>',
    '<#12>',
    '<:a:1>',
  ],
  ...[
    '<t:1>',
    '# ',
    '-# ',
    '> ',
    '>>> ',
    '- ',
    '+ ',
    '1. ',
    'https://example.org/a_b*c',
    '\n',
    ' ',
    '\n\n',
    'ł',
    '👩‍👩‍👧‍👦',
    'x',
    '</a:1>',
  ],
);
const hostile = fc
  .array(fc.oneof(marks, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 60 })
  .map((p) => p.join(''));
const bare = (words: string) => words.replace(/\s+/gu, '');
const style = fc.constantFrom('title' as const, 'body' as const, 'note' as const, 'quote' as const);

describe('any words at all', () => {
  it('are shown as they were typed, in every style', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: hostile, style }), { minLength: 1, maxLength: 4 }), (said) => {
        const blocks = said.map((one): Block<string> => ({ type: 'text', ...one }));
        const shown = sent(blocks).map(({ content = '' }) => shownText(content ?? ''));
        const all = bare(shown.map((s) => s.text).join(''));
        for (const { text: words } of said) expect(all).toContain(bare(words));
        const kinds = new Set(shown.flatMap((s) => s.marks.map((m) => m.kind)));
        for (const kind of kinds) expect(['bold', 'small', 'quote', 'address']).toContain(kind);
      }),
      { numRuns: 500 },
    );
  });

  it('are taken whole in parts Discord accepts, the buttons on the last', () => {
    const long = fc.array(
      fc.oneof(hostile, fc.constant('_'.repeat(900)), fc.constant('słowo '.repeat(200))),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(long, (said) => {
        const bodies = sent([...said.map(text), press(1)]);
        expect(bodies.map(({ components }) => components !== undefined)).toEqual(
          bodies.map((_, n) => n === bodies.length - 1),
        );
        const all = bare(bodies.map(({ content }) => shownText(content ?? '').text).join(''));
        for (const words of said) expect(all).toContain(bare(words));
      }),
      { numRuns: 60 },
    );
  });
});
