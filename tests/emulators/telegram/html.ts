import { badRequest } from './failures.ts';

export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

export interface Formatted {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const types: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const token =
  /<(\/?)([a-z][a-z-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*>|&(#\d+|#x[\da-f]+|[a-z]+);|([<>&])/gi;

/** Reads HTML as the platform does, only stricter: every `<`, `>` and `&` that is not markup is refused. Offsets are UTF-16 units. */
export function parseHtml(html: string): Formatted {
  let text = '';
  let last = 0;
  const open: { tag: string; offset: number; url?: string }[] = [];
  const entities: Entity[] = [];
  for (const match of html.matchAll(token)) {
    text += html.slice(last, match.index);
    last = match.index + match[0].length;
    const [whole, closing, name, attributes, reference, stray] = match;
    const at = `at byte offset ${Buffer.byteLength(html.slice(0, match.index))}`;
    if (stray) throw cannotParse(`Unescaped "${stray}" ${at}`);
    if (reference) {
      text += character(reference, at);
      continue;
    }
    const tag = (name ?? '').toLowerCase();
    if (!types[tag]) throw cannotParse(`Unsupported start tag "${whole}" ${at}`);
    if (!closing) {
      const url = /href\s*=\s*["']([^"']*)["']/.exec(attributes ?? '')?.[1];
      open.push({ tag, offset: text.length, ...(url === undefined ? {} : { url }) });
      continue;
    }
    const started = open.pop();
    if (started?.tag !== tag) {
      throw cannotParse(`Unmatched end tag ${at}, expected "</${started?.tag ?? ''}>", found "</${tag}>"`);
    }
    const length = text.length - started.offset;
    if (length > 0) {
      const link = started.url === undefined ? {} : { url: started.url };
      entities.push({ type: types[tag] ?? tag, offset: started.offset, length, ...link });
    }
  }
  const unclosed = open.pop();
  if (unclosed) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return { text: text + html.slice(last), entities };
}

function character(reference: string, at: string): string {
  if (reference.startsWith('#')) {
    const hex = /^#x/i.test(reference);
    return String.fromCodePoint(Number.parseInt(reference.slice(hex ? 2 : 1), hex ? 16 : 10));
  }
  const found = named[reference.toLowerCase()];
  if (found === undefined) throw cannotParse(`Unsupported entity "&${reference};" ${at}`);
  return found;
}

const cannotParse = (why: string) => badRequest(`can't parse entities: ${why}`);
