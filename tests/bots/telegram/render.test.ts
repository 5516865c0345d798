import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxCaption, maxText } from '../../../bots/telegram/limits.ts';
import { escapeHtml, renderEdit, renderSend } from '../../../bots/telegram/render.ts';
import type { Block, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { parseHtml } from '../../emulators/telegram/html.ts';

const token = 'Abcdefgh12345678';
const message = (blocks: readonly Block<string>[], more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  token,
  language: 'pl',
  deliveryId: 'd',
  blocks,
  ...more,
});
const html = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } };
const picture = { id: 'm', fileName: 'a.png', contentType: 'image/png', data: Uint8Array.of(1) };
const image: Block<string> = { type: 'image', media: picture, alt: 'Hala' };

describe('a message for Telegram', () => {
  it('is one call with its words escaped, its styles and its buttons', () => {
    const blocks: Block<string>[] = [
      { type: 'text', style: 'title', text: 'Zmiana <ważna> & pilna' },
      { type: 'text', text: 'Treść' },
      { type: 'text', style: 'quote', text: 'cytat' },
      {
        type: 'fields',
        items: [
          { label: 'Numer', value: '7' },
          { label: 'Stan', value: 'nowe' },
        ],
      },
      { type: 'text', style: 'note', text: 'uwaga' },
      {
        type: 'actions',
        actions: [
          { kind: 'press', id: 'confirm', label: 'Przeczytane ✓' },
          { kind: 'press', id: 'reply', label: 'Odpowiedz' },
          { kind: 'link', label: 'Więcej na stronie', url: 'https://example.org/?a=1&b=2' },
        ],
      },
    ];
    expect(renderSend(7, message(blocks, { replyTo: '12p' }))).toEqual([
      {
        method: 'sendMessage',
        payload: {
          chat_id: 7,
          text: '<b>Zmiana &lt;ważna&gt; &amp; pilna</b>\n\nTreść\n\n<blockquote>cytat</blockquote>\n\n<b>Numer:</b> 7\n<b>Stan:</b> nowe\n\n<i>uwaga</i>',
          ...html,
          reply_parameters: { message_id: 12, allow_sending_without_reply: true },
          reply_markup: {
            inline_keyboard: [
              [
                { text: 'Przeczytane ✓', callback_data: `${token}:confirm` },
                { text: 'Odpowiedz', callback_data: `${token}:reply` },
              ],
              [{ text: 'Więcej na stronie', url: 'https://example.org/?a=1&b=2' }],
            ],
          },
        },
      },
    ]);
  });

  it('is a picture with a caption while the words fit, the picture and the words after it when not', () => {
    const short = renderSend(7, message([image, { type: 'text', text: 'Hala otwarta' }]));
    expect(short).toEqual([
      {
        method: 'sendPhoto',
        media: picture,
        payload: { chat_id: 7, caption: 'Hala otwarta', parse_mode: 'HTML' },
      },
    ]);
    const long = renderSend(
      7,
      message([image, { type: 'text', text: 'Hala '.repeat(300) }], { replyTo: '3' }),
    );
    expect(long.map((call) => [call.method, Object.keys(call.payload)])).toEqual([
      ['sendPhoto', ['chat_id', 'reply_parameters']],
      ['sendMessage', ['chat_id', 'text', 'parse_mode', 'link_preview_options']],
    ]);
  });

  it('says what a picture shows and a file is called when its words do not', () => {
    const [call] = renderSend(7, message([image, { type: 'text', text: 'Otwarcie' }]));
    expect(call?.payload).toMatchObject({ caption: '<i>Hala</i>\n\nOtwarcie' });
  });

  it('sends as a file what is no photo to Telegram', () => {
    const drawing = { ...picture, contentType: 'image/svg+xml' };
    const large = { ...picture, data: new Uint8Array(11 * 1024 * 1024) };
    for (const media of [drawing, large]) {
      expect(renderSend(7, message([{ type: 'image', media, alt: '' }]))[0]?.method).toBe('sendDocument');
    }
  });

  it('spells out an address Telegram would refuse on a button', () => {
    const actions: Block<string> = {
      type: 'actions',
      actions: [
        { kind: 'link', label: 'Czat', url: 'http://localhost:8080/chat' },
        { kind: 'link', label: 'Zły', url: 'javascript:alert(1)' },
      ],
    };
    const [call] = renderSend(7, message([actions]));
    expect(call?.payload).toEqual({
      chat_id: 7,
      text: 'Czat: http://localhost:8080/chat\nZły: javascript:alert(1)',
      ...html,
    });
  });

  it('numbers options too long for a button and lists them whole', () => {
    const long = 'Bardzo długa odpowiedź, której telefon nie pokaże na przycisku';
    const choice: Block<string> = {
      type: 'choice',
      id: 'vote',
      multiple: false,
      options: [
        { value: '0', label: long },
        { value: '1', label: 'Nie' },
      ],
      submitLabel: 'Wyślij',
    };
    const [call] = renderSend(7, message([choice]));
    expect(call?.payload).toMatchObject({ text: `1. ${long}\n2. Nie` });
    const [first, second] = call?.payload.reply_markup?.inline_keyboard.flat() ?? [];
    expect(first?.text).toMatch(/^1\. Bardzo.{1,33}…$/);
    expect(second).toEqual({ text: '2. Nie', callback_data: `${token}:vote:1` });
  });

  it('has words even when it is only buttons', () => {
    const [call] = renderSend(
      7,
      message([{ type: 'actions', actions: [{ kind: 'press', id: 'a', label: 'A' }] }]),
    );
    expect(call?.payload).toMatchObject({ text: '👇' });
  });

  it('refuses a file larger than Telegram takes, before sending anything', () => {
    const media = { ...picture, data: { byteLength: 51 * 1024 * 1024 } as Uint8Array };
    expect(() => renderSend(7, message([{ type: 'file', media, label: 'x' }]))).toThrowError(
      expect.objectContaining({ code: 'Rejected' }),
    );
  });

  it('is edited as what it is: words, or the caption of a picture', () => {
    const blocks: Block<string>[] = [image, { type: 'text', text: 'Hala' }];
    expect(renderEdit(7, '12', message(blocks))).toEqual({
      method: 'editMessageText',
      payload: { text: 'Hala', ...html, chat_id: 7, message_id: 12 },
    });
    expect(renderEdit(7, '12p', message(blocks))).toEqual({
      method: 'editMessageCaption',
      payload: { caption: 'Hala', parse_mode: 'HTML', chat_id: 7, message_id: 12 },
    });
  });

  it('still fits when an edit adds a line to a message of any length', () => {
    for (const length of [700, 768, 1000, 3800, 3840, 3841, 4000, 4090, 8000]) {
      const words = 'a b '.repeat(length).slice(0, length).trim();
      const note: Block<string> = { type: 'text', style: 'note', text: '✓ Przeczytane 12:04' };
      for (const media of [[], [image]]) {
        const sent = renderSend(7, message([...media, { type: 'text', text: words }]));
        const id = sent.at(-1)?.method === 'sendMessage' ? '5' : '5p';
        const { payload } = renderEdit(7, id, message([...media, { type: 'text', text: words }, note]));
        const shown = 'text' in payload ? payload.text : (payload.caption ?? '');
        expect(shown).toContain('12:04');
        if (sent.length === 1) expect(parseHtml(shown).text).toContain(words);
      }
    }
  });
});

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
const longText = fc
  .array(
    fc.oneof(words, fc.constantFrom('\n\n', '\n', ' ', '<b>', '&amp;', '</i>', '👩‍👩‍👧‍👦', 'ł'.repeat(900))),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''));
const block = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    style: fc.constantFrom('title' as const, 'body' as const, 'note' as const, 'quote' as const),
    text: longText,
  }),
  fc.record({
    type: fc.constant('fields' as const),
    items: fc.array(fc.record({ label: words, value: longText }), { maxLength: 3 }),
  }),
);

describe('any words at all', () => {
  it('come back from the markup as they were', () => {
    fc.assert(fc.property(longText, (text) => parseHtml(escapeHtml(text)).text === text));
  });

  it('are taken whole in parts Telegram accepts, the buttons on the last', () => {
    const button: Block<string> = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] };
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), fc.boolean(), (blocks, withPicture) => {
        const calls = renderSend(7, message([...blocks, ...(withPicture ? [image] : []), button]));
        const shown = calls.map((call) => {
          const limit = call.method === 'sendMessage' ? maxText : maxCaption;
          const text = 'text' in call.payload ? call.payload.text : (call.payload.caption ?? '');
          const parsed = parseHtml(text);
          expect(parsed.text.length).toBeLessThanOrEqual(limit);
          expect(parsed.text).not.toMatch(/\p{Surrogate}/u);
          if (call.method === 'sendMessage') expect(parsed.text.trim()).not.toBe('');
          return parsed.text;
        });
        expect(calls.map((call) => call.payload.reply_markup !== undefined)).toEqual(
          calls.map((_, index) => index === calls.length - 1),
        );
        const all = bare(shown.join(''));
        for (const { text } of blocks.filter((b) => b.type === 'text')) expect(all).toContain(bare(text));
      }),
      { numRuns: 60 },
    );
  });
});

const bare = (text: string) => text.replace(/\s+/gu, '');
