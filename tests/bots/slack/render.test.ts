import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../bots/slack/interactive.ts';
import { filesOf, picturesOf, render } from '../../../bots/slack/render.ts';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { messageBlocks, modalView, wordsOf } from '../../emulators/slack/blocks.ts';
import { field, message, token } from './support.ts';

const none = new Map<string, string>();
const options = (count: number, label = (n: number) => `Opcja ${n}`) =>
  Array.from({ length: count }, (_, n) => ({ value: String(n), label: label(n) }));
const choice = (count: number, multiple: boolean, label?: (n: number) => string): Block<string> => ({
  type: 'choice',
  id: 'vote',
  multiple,
  options: options(count, label),
  submitLabel: 'Wyślij',
});
const picture = (contentType = 'image/png'): Block<string> => ({
  type: 'image',
  alt: 'Wykres',
  media: { id: 'p1', fileName: 'wykres.png', contentType, data: new Uint8Array([1]) },
});

/** The one message's blocks, checked against the official types and the stand-in's rules. */
function blocksOf(...blocks: Block<string>[]): KnownBlock[] {
  const [content, ...others] = render(message(blocks), none);
  expect(others).toEqual([]);
  const rendered: KnownBlock[] = content?.blocks ?? [];
  expect(messageBlocks.safeParse(rendered).error).toBeUndefined();
  return rendered;
}

describe('A message on Slack', () => {
  it.each([
    [
      'a title',
      { style: 'title', text: 'Tytuł' },
      { type: 'header', text: { type: 'plain_text', text: 'Tytuł', emoji: false } },
    ],
    ['a long title', { style: 'title', text: 'T'.repeat(151) }, { type: 'rich_text' }],
    [
      'a body',
      { text: '*a* <!channel> :tada:' },
      {
        type: 'section',
        text: { type: 'plain_text', text: '*a* <!channel> :tada:', emoji: false },
        expand: true,
      },
    ],
    [
      'a note',
      { style: 'note', text: 'Uwaga' },
      { type: 'context', elements: [{ type: 'plain_text', text: 'Uwaga', emoji: false }] },
    ],
    [
      'a quote',
      { style: 'quote', text: '_x_' },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: '_x_' }] }],
      },
    ],
  ] as const)('shows %s without reading markup in it', (_, text, expected) => {
    expect(blocksOf({ type: 'text', ...text })).toMatchObject([expected]);
  });

  it('makes every web address in its words a link, shown as it was typed', () => {
    const text = 'Zapisy *tutaj*: https://park.example/a_(b)?c=d&e=<f>. Do zobaczenia';
    const said = [
      { type: 'text', text: 'Zapisy *tutaj*: ' },
      { type: 'link', url: 'https://park.example/a_(b)?c=d&e=' },
      { type: 'text', text: '<f>. Do zobaczenia' },
    ];
    const blocks = blocksOf(
      { type: 'text', text },
      { type: 'text', style: 'quote', text },
      { type: 'fields', items: [{ label: 'Strona', value: 'https://firma.example' }] },
    );
    expect(blocks).toMatchObject([
      { elements: [{ type: 'rich_text_section', elements: said }] },
      { elements: [{ type: 'rich_text_quote', elements: said }] },
      { elements: [{ elements: [{}, { text: ' ' }, { type: 'link', url: 'https://firma.example' }] }] },
    ]);
    expect(wordsOf(messageBlocks.parse(blocks))).toEqual([text, text, 'Strona: https://firma.example']);
  });

  it.each([
    [3, false, 'button'],
    [5, false, 'button'],
    [6, false, 'radio_buttons'],
    [10, false, 'radio_buttons'],
    [11, false, 'static_select'],
    [10, true, 'checkboxes'],
  ] as const)('offers %i options (several: %s) as %s', (count, multiple, type) => {
    const [block] = blocksOf({ type: 'text', text: 'Kiedy?' }, choice(count, multiple)).slice(1);
    expect(block?.type === 'actions' && block.elements[0]?.type).toBe(type);
  });

  it('offers many options of which several can be chosen as a select with a submit button', () => {
    const blocks = blocksOf({ type: 'text', text: 'Kiedy?' }, choice(30, true));
    expect(blocks.slice(1)).toMatchObject([
      { type: 'section', block_id: 'marks-1.0', accessory: { type: 'multi_static_select' } },
      { type: 'actions', block_id: 'submit-1', elements: [{ action_id: 'submit', value: `${token}:vote` }] },
    ]);
  });

  it('offers labels too wide for a button as a list, and those too long for that in words too', () => {
    const wide = (n: number) => `Opcja numer ${n} z dłuższym opisem w środku`;
    expect(blocksOf(choice(2, false, wide))).toMatchObject([{ elements: [{ type: 'radio_buttons' }] }]);
    const long = (n: number) => `${n}${'ż'.repeat(100)}`;
    const [words, list] = blocksOf(choice(2, false, long));
    expect(words).toMatchObject({ type: 'section', text: { text: `1. ${long(0)}\n2. ${long(1)}` } });
    expect(list).toMatchObject({ elements: [{ type: 'radio_buttons' }] });
  });

  it('asks for words with a button that opens a window', () => {
    const label = 'Napisz, co przeszkadza Twojej firmie najbardziej';
    const title = 'Zgłoszenie przeszkody w firmie';
    const [block] = blocksOf({ type: 'input', id: 'words', ...field, label, title });
    expect(block).toMatchObject({
      type: 'actions',
      elements: [{ action_id: 'write-0', text: { text: `✎ ${label}` } }],
    });
    const [button] = block?.type === 'actions' ? block.elements : [];
    const value = button?.type === 'button' ? (button.value ?? '') : '';
    const { view, action } = windowOf(value) ?? {};
    expect(modalView.safeParse(view).error).toBeUndefined();
    expect(action).toEqual({ token, id: 'words' });
    expect(view).toMatchObject({
      title: { text: 'Zgłoszenie przeszkody w…' },
      submit: { text: 'Wyślij' },
      close: { text: 'Anuluj' },
      private_metadata: `${token}:words`,
      blocks: [{ label: { text: label } }],
    });
    expect(windowOf('{"data":"no"}')).toBeNull();
    expect(windowOf('no JSON')).toBeNull();
  });

  it('fits the longest words of a window into what a button carries', () => {
    const long = {
      label: 'ż'.repeat(3000),
      title: 'ż'.repeat(99),
      submit: '"'.repeat(99),
      cancel: '\\'.repeat(99),
    };
    const [block] = blocksOf({ type: 'input', id: 'words', ...long });
    expect(messageBlocks.safeParse([block]).error).toBeUndefined();
  });

  it('shows a link as a button, and one Slack refuses in words', () => {
    const link = (url: string): Block<string> => ({
      type: 'actions',
      actions: [{ kind: 'link', label: 'Strona', url }],
    });
    expect(blocksOf(link('https://example.org'))).toMatchObject([
      { elements: [{ url: 'https://example.org' }] },
    ]);
    expect(wordsOf(messageBlocks.parse(blocksOf(link('ftp://example.org'))))).toEqual([
      'Strona: ftp://example.org',
    ]);
  });

  it('puts a known picture into the message; others and files go before it', () => {
    const known = new Map([['p1', 'F123']]);
    const [content] = render(message([picture()]), known);
    expect(content?.blocks).toMatchObject([
      { type: 'image', slack_file: { id: 'F123' }, alt_text: 'Wykres' },
    ]);
    expect(filesOf([picture()], known)).toEqual([]);
    expect(filesOf([picture()], none)).toMatchObject([{ label: 'Wykres' }]);
    expect(picturesOf([picture('image/webp')])).toEqual([]);
  });

  it('keeps more than 25 buttons, in several rows', () => {
    const actions = Array.from({ length: 60 }, (_, n) => ({
      kind: 'press' as const,
      id: `a${n}`,
      label: `${n}`,
    }));
    expect(
      blocksOf({ type: 'actions', actions }).map((b) => b.type === 'actions' && b.elements.length),
    ).toEqual([25, 25, 10]);
  });

  it('escapes what notifications say: nobody is called by it', () => {
    const [content] = render(message('<!channel> & <@U1>'), none);
    expect(content?.text).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  it('refuses an action no message can carry', () => {
    const actions = [{ kind: 'press' as const, id: 'NOT AN ID', label: 'x' }];
    expect(() => render(message([{ type: 'actions', actions }]), none)).toThrow(RangeError);
    expect(() =>
      render(message([choice(2, true), { ...choice(1, true), id: 'NOT' } as Block<string>]), none),
    ).toThrow(RangeError);
  });

  it('is something Slack takes, whole and with the buttons last, whatever is in it', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 4000 });
    const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    const block = fc.oneof(
      fc.record({
        type: fc.constant('text' as const),
        text: words,
        style: fc.constantFrom('title', 'body', 'note', 'quote'),
      }),
      fc.record({
        type: fc.constant('fields' as const),
        items: fc.array(fc.record({ label, value: words }), { maxLength: 12 }),
      }),
      fc.record({ type: fc.constant('divider' as const) }),
      fc.record({
        type: fc.constant('input' as const),
        id: fc.constant('words'),
        label,
        title: label,
        submit: label,
        cancel: label,
      }),
      fc.record({
        type: fc.constant('actions' as const),
        actions: fc.array(
          fc.record({
            kind: fc.constant('press' as const),
            id: fc.stringMatching(/^[a-z0-9.-]{1,20}$/),
            label,
          }),
          { maxLength: 30 },
        ),
      }),
      fc.record({
        type: fc.constant('choice' as const),
        id: fc.constant('vote'),
        multiple: fc.boolean(),
        submitLabel: label,
        options: fc
          .array(label, { maxLength: 120 })
          .map((labels) => labels.map((l, n) => ({ value: String(n), label: l }))),
      }),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const parts = render(message(blocks as Block<string>[]), none);
        expect(parts.length).toBeGreaterThan(0);
        for (const [n, part] of parts.entries()) {
          expect(part.text).not.toBe('');
          expect(messageBlocks.safeParse(part.blocks).error?.issues).toBeUndefined();
          const pressed = part.blocks.some((b) => b.type === 'actions');
          if (n < parts.length - 1) expect(pressed).toBe(false);
        }
        const seen = parts.flatMap((part) => wordsOf(messageBlocks.parse(part.blocks))).join('');
        const squeezed = (text: string) => text.replace(/\s/gu, '');
        for (const b of blocks) if (b.type === 'text') expect(squeezed(seen)).toContain(squeezed(b.text));
      }),
      { numRuns: 60 },
    );
  });
});
