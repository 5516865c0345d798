/** What Slack makes of what somebody types: rich text, and the same in its own markup. */
interface Typed {
  readonly text: string;
  readonly blocks: readonly object[];
}

const special = new RegExp(
  [
    String.raw`(?<link>https?:\/\/[^\s<>()"|]+|\bt\.me\/[^\s<>()"|]+)`,
    String.raw`(?<mail>[\w.]+@[\w-]+\.[\w.]*\w)`,
    String.raw`@(?<range>everyone|channel|here)\b`,
    String.raw`(?<emoji>\p{RI}\p{RI}|\p{Emoji_Presentation}(?:\p{Emoji_Modifier}|\uFE0F|\u200D[\p{Emoji}]\uFE0F?)*|\p{Emoji}\uFE0F(?:\u200D\p{Emoji}\uFE0F?)*)`,
  ].join('|'),
  'gu',
);

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function typed(written: string): Typed {
  const elements: object[] = [];
  let text = '';
  let at = 0;
  const plain = (words: string) => {
    if (words === '') return;
    elements.push({ type: 'text', text: words });
    text += escaped(words);
  };
  for (const found of written.matchAll(special)) {
    plain(written.slice(at, found.index));
    at = found.index + found[0].length;
    const [element, markup] = marked(found[0], found.groups ?? {});
    elements.push(element);
    text += markup;
  }
  plain(written.slice(at));
  const section = { type: 'rich_text_section', elements };
  return { text, blocks: [{ type: 'rich_text', block_id: 'typed', elements: [section] }] };
}

function marked(found: string, { link, mail, range }: Record<string, string | undefined>): [object, string] {
  if (link?.startsWith('http')) return [{ type: 'link', url: link }, `<${escaped(link)}>`];
  if (link !== undefined) {
    return [
      { type: 'link', url: `http://${link}`, text: link },
      `<http://${escaped(link)}|${escaped(link)}>`,
    ];
  }
  if (mail !== undefined) {
    return [{ type: 'link', url: `mailto:${mail}`, text: mail }, `<mailto:${mail}|${mail}>`];
  }
  if (range !== undefined) return [{ type: 'broadcast', range }, `<!${range}>`];
  const unicode = [...found].map((c) => c.codePointAt(0)?.toString(16)).join('-');
  return [{ type: 'emoji', name: 'some_emoji', unicode }, ':some_emoji:'];
}
