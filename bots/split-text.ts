const graphemes = new Intl.Segmenter('pl', { granularity: 'grapheme' });

/**
 * Cuts `text` into parts of at most `limit` UTF-16 units, the last of at most `last`: after a paragraph, else a line,
 * else a word, else between graphemes. Nothing is lost: the parts joined are the text.
 */
export function splitText(text: string, limit: number, last = limit): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > last) {
    const at = cut(rest, limit);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

/** The first `limit` units of `text` at most, ending with an ellipsis when something was left out. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, lastGrapheme(text, limit - 1)).trimEnd()}…`;
}

function cut(text: string, limit: number): number {
  const window = text.slice(0, limit);
  for (const boundary of ['\n\n', '\n', ' ']) {
    const at = window.lastIndexOf(boundary);
    if (at >= limit / 2) return at + boundary.length;
  }
  return lastGrapheme(text, limit);
}

/** The last grapheme boundary at or before `limit`; a single grapheme longer than that is cut between characters. */
function lastGrapheme(text: string, limit: number): number {
  let best = 0;
  for (const { index } of graphemes.segment(text.slice(0, limit + 100))) {
    if (index > limit) break;
    best = index;
  }
  if (best > 0) return best;
  const code = text.charCodeAt(limit);
  const middleOfPair = code >= 0xdc00 && code <= 0xdfff;
  return Math.max(1, middleOfPair ? limit - 1 : limit);
}
