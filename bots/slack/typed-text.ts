/**
 * What a person typed, from what Slack makes of it. The rich text is closest to it: in the message's `text`, emoji have
 * become `:names:`, links and mentions codes in angle brackets. Pure; null when there are no words in it.
 */
export function typedText(message: { readonly text?: unknown; readonly blocks?: unknown }): string | null {
  const rich = Array.isArray(message.blocks) ? message.blocks.filter((b) => b?.type === 'rich_text') : [];
  const words =
    rich.length > 0
      ? rich.flatMap((block) => elementsOf(block).map(paragraph)).join('')
      : unescapeText(typeof message.text === 'string' ? message.text : '');
  return words.trim() === '' ? null : words;
}

/** Slack's own markup back to what was typed: `&lt;` to `<`, `<http://x|x>` to `x`, `<@U1>` to `@U1`. */
export function unescapeText(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, code: string, label?: string) => linked(code, label))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function linked(code: string, label: string | undefined): string {
  const sigil = /^[@#!]/.exec(code)?.[0];
  if (label !== undefined) return sigil === '@' || sigil === '#' ? sigil + label.replace(/^[@#]/, '') : label;
  return sigil === '!' ? `@${code.slice(1)}` : code;
}

type Element = Record<string, unknown>;

function elementsOf(block: Element): Element[] {
  return Array.isArray(block.elements)
    ? block.elements.filter((e) => typeof e === 'object' && e !== null)
    : [];
}

/** Sections carry their own line breaks; lists, quotes and code stand on lines of their own. */
function paragraph(element: Element): string {
  switch (element.type) {
    case 'rich_text_list': {
      const numbered = element.style === 'ordered';
      const lines = elementsOf(element).map((item, n) => `${numbered ? `${n + 1}.` : '•'} ${inline(item)}\n`);
      return lines.join('');
    }
    case 'rich_text_quote':
      return `${inline(element)
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}\n`;
    case 'rich_text_preformatted':
      return `${inline(element)}\n`;
    default:
      return inline(element);
  }
}

function inline(element: Element): string {
  return elementsOf(element).map(word).join('');
}

function word(element: Element): string {
  const said = (name: string) => (typeof element[name] === 'string' ? (element[name] as string) : '');
  switch (element.type) {
    case 'emoji':
      return emoji(said('unicode')) || `:${said('name')}:`;
    case 'link':
      return said('text') || said('url').replace(/^mailto:/, '');
    case 'user':
      return `@${said('user_id')}`;
    case 'channel':
      return `#${said('channel_id')}`;
    case 'usergroup':
      return `@${said('usergroup_id')}`;
    case 'broadcast':
      return `@${said('range')}`;
    default:
      return said('text') || said('fallback');
  }
}

/** "1f468-200d-1f469" → 👨‍👩; empty when it is none. */
function emoji(unicode: string): string {
  if (!/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(unicode)) return '';
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : '';
}
