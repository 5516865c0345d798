import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, splitText } from '../../bots/split-text.ts';

const graphemes = new Intl.Segmenter('pl', { granularity: 'grapheme' });
const text = fc.string({ unit: 'grapheme', maxLength: 600 });
const flags = fc
  .array(fc.constantFrom('🇵🇱', '👩‍👩‍👧‍👦', 'é', 'ż', ' ', '\n\n'), { maxLength: 200 })
  .map((p) => p.join(''));

describe('splitting', () => {
  it('loses nothing, keeps the limit and cuts between graphemes', () => {
    fc.assert(
      fc.property(fc.oneof(text, flags), fc.integer({ min: 40, max: 120 }), (words, limit) => {
        const parts = splitText(words, limit);
        expect(parts.join('')).toBe(words);
        const boundaries = new Set([...graphemes.segment(words)].map((s) => s.index));
        let at = 0;
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          if (at < words.length) expect(boundaries).toContain(at);
          at += part.length;
        }
      }),
    );
  });

  it('prefers paragraphs to lines, lines to words', () => {
    expect(splitText('aaaa bbb\nccc\n\ndddd eeee', 16)).toEqual(['aaaa bbb\nccc\n\n', 'dddd eeee']);
    expect(splitText('aaaa bbb\nccc dddd eeee', 15)).toEqual(['aaaa bbb\n', 'ccc dddd eeee']);
    expect(splitText('aaaa bbbb cccc', 10)).toEqual(['aaaa bbbb ', 'cccc']);
  });

  it('cuts even a grapheme without end, never a surrogate pair', () => {
    const pile = `🙂${'\u0301'.repeat(500)}`;
    const parts = splitText(pile.repeat(2), 101);
    expect(parts.join('')).toBe(pile.repeat(2));
    for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
  });

  it('shortens with an ellipsis', () => {
    expect(shorten('krótko', 10)).toBe('krótko');
    expect(shorten('o wiele za długo', 10)).toBe('o wiele z…');
    expect(shorten('rodzina 👩‍👩‍👧‍👦 razem', 12)).toBe('rodzina…');
  });
});
