/** An address Discord makes a link by itself: markup inside is left alone there, a backslash would become part of it. */
const address = /(?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s]/gu;

/** What means something anywhere: emphasis, code, spoilers, mentions, emoji, masked links. */
const anywhere = /[\\*_~`|<@[]/g;
/** The address would take up the backslash of what follows it here. */
const bracketAfter = /^[.,:;"'\]]*</;
/** What means something at the beginning of a line: headings, small print, quotes, lists. */
const lineStart = /^([ \t]*)(#{1,3}(?=[ \t])|-#(?=[ \t])|>|[-+](?=[ \t])|\d+(?=\.[ \t]))/gmu;

/** The same words as markup that shows them as they are. */
export function escapeMarkdown(text: string): string {
  let escaped = '';
  let at = 0;
  for (const { index, 0: found } of text.matchAll(address)) {
    escaped += `${text.slice(at, index).replace(anywhere, '\\$&')}${found}`;
    at = index + found.length;
    if (bracketAfter.test(text.slice(at))) escaped += ' ';
  }
  escaped += text.slice(at).replace(anywhere, '\\$&');
  return escaped.replace(lineStart, (_, indent: string, sign: string) =>
    /\d/.test(sign) ? `${indent}${sign}\\` : `${indent}\\${sign}`,
  );
}

/** Whether `text` holds a sign that, left alone inside an address, would end the emphasis around it. */
export function endsEmphasis(text: string): boolean {
  return [...text.matchAll(address)].some(([found]) => /[*\\]/.test(found));
}
