import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLinks, isWebAddress } from '../../../core/channels/links.ts';

const urls = (text: string) => cutLinks(text).flatMap((piece) => ('url' in piece ? [piece.url] : []));

describe('web addresses in people’s texts', () => {
  it.each([
    ['Zobacz https://park.example/mapa.', ['https://park.example/mapa']],
    ['(https://park.example/a_(b)) i dalej', ['https://park.example/a_(b)']],
    ['(https://park.example/a)', ['https://park.example/a']],
    ['„https://park.example/x”, http://b.example?', ['https://park.example/x', 'http://b.example']],
    ['https://park.example/ż?q=1&r=<b>', ['https://park.example/ż?q=1&r=']],
    ['javascript:alert(1) ftp://a.example www.park.example', []],
    ['https://', []],
  ])('are found, and nothing but they: %s', (text, expected) => {
    expect(urls(text)).toEqual(expected);
  });

  it('lose no character of the text', () => {
    const words = fc.array(
      fc.constantFrom('https://a.example/', 'http://', ' ', ')', '.', '<', 'ż', '\n', '🙂'),
    );
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join('');
        const joined = cutLinks(text).map((piece) => ('url' in piece ? piece.url : piece.text));
        expect(joined.join('')).toBe(text);
      }),
    );
  });

  it('open from a button only over http', () => {
    expect(isWebAddress('https://park.example')).toBe(true);
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '/chat', '']) {
      expect(isWebAddress(url)).toBe(false);
    }
  });
});
