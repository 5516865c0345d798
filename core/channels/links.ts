export type Piece = { readonly text: string } | { readonly url: string };

const address = /https?:\/\/[^\s<>"'„”]+/giu;

/** A text cut at its web addresses. Pure; what closes a sentence or an unopened bracket stays outside the address. */
export function cutLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const url = withoutTail(match[0]);
    if (!URL.canParse(url)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ url });
    end = match.index + url.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

function withoutTail(url: string): string {
  let rest = url;
  for (;;) {
    const last = rest.at(-1) ?? '';
    const closing = last === ')' && rest.split(')').length > rest.split('(').length;
    if (!closing && !/[.,;:!?…\]}*_]/u.test(last)) return rest;
    rest = rest.slice(0, -1);
  }
}

/** True for addresses a button may open. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

/** The web address somebody typed, "https://" added when it was left out; null when it is none. */
export function webAddress(typed: string): string | null {
  const bare = !/^[a-z][a-z0-9+.-]*:/i.test(typed) || /^[^/:]+:\d/.test(typed);
  const address = bare ? `https://${typed}` : typed;
  if (!isWebAddress(address)) return null;
  const { hostname, username } = new URL(address);
  return username || (bare && !hostname.includes('.')) ? null : address;
}
