/** Words as they are shown, and what the markup did to some of them. */
export interface Shown {
  readonly text: string;
  readonly marks: readonly { readonly kind: string; readonly text: string }[];
}

interface Rule {
  readonly kind: string;
  readonly pattern: RegExp;
  /** What is shown of a match; null when its inside is read on. */
  readonly show?: (match: RegExpExecArray) => string;
}

/** The app's own rules in its own order, the ones that matter to plain words. */
const rules: readonly Rule[] = [
  { kind: 'escape', pattern: /^\\([^0-9A-Za-z\s])/, show: (m) => m[1] ?? '' },
  { kind: 'codeblock', pattern: /^```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n].*?)\n*```/is, show: (m) => m[1] ?? '' },
  { kind: 'code', pattern: /^(`+)(.*?[^`])\1(?!`)/s, show: (m) => m[2] ?? '' },
  { kind: 'timestamp', pattern: /^<t:-?\d{1,17}(?::[tTdDfFR])?>/, show: () => '⟨time⟩' },
  { kind: 'mention', pattern: /^<(?:@[!&]?|#)\d+>/, show: () => '⟨mention⟩' },
  { kind: 'mention', pattern: /^<id:\w+>|^<\/[^>]+:\d+>/, show: () => '⟨mention⟩' },
  { kind: 'mention', pattern: /^@(?:everyone|here)/, show: (m) => m[0] },
  { kind: 'emoji', pattern: /^<a?:\w+:\d+>/, show: () => '⟨emoji⟩' },
  {
    kind: 'link',
    pattern: /^\[([^\]]*)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/,
    show: (m) => m[1] ?? '',
  },
  { kind: 'address', pattern: /^<(https?:\/\/[^\s>]+)>/, show: (m) => m[1] ?? '' },
  { kind: 'address', pattern: /^(?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s]/, show: (m) => m[0] },
  { kind: 'spoiler', pattern: /^\|\|([\s\S]+?)\|\|/ },
  { kind: 'bold', pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/ },
  { kind: 'underline', pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/ },
  { kind: 'strike', pattern: /^~~([\s\S]+?)~~(?!_)/ },
  { kind: 'italic', pattern: /^_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z])/ },
  {
    kind: 'italic',
    pattern: /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
  },
];

const lineRules: readonly Rule[] = [
  { kind: 'heading', pattern: /^#{1,3} +/ },
  { kind: 'small', pattern: /^-# +/ },
  { kind: 'quote', pattern: /^(?:>>> |> )/ },
];
/** A list's own sign is drawn by the app: shown, but not as it was typed. */
const list = /^( *)(?:[-*]|\d+\.) +(?=\S)/;
const plain = /^[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n|\w+:\S|$)/;

/** What the app shows for `content`. */
export function shownText(content: string): Shown {
  const marks: { kind: string; text: string }[] = [];
  return { text: read(content, marks, true), marks };
}

function read(source: string, marks: { kind: string; text: string }[], lineStart: boolean): string {
  let shown = '';
  let rest = source;
  let atStart = lineStart;
  while (rest !== '') {
    if (atStart) {
      const line = lineRules
        .map((rule) => ({ rule, match: rule.pattern.exec(rest) }))
        .find(({ match }) => match);
      if (line?.match) {
        rest = rest.slice(line.match[0].length);
        const end = rest.indexOf('\n');
        const inside = read(end < 0 ? rest : rest.slice(0, end), marks, line.rule.kind === 'quote');
        marks.push({ kind: line.rule.kind, text: inside });
        shown += inside;
        rest = end < 0 ? '' : rest.slice(end);
        atStart = false;
        continue;
      }
      const item = list.exec(rest);
      if (item) {
        marks.push({ kind: 'list', text: '' });
        shown += '• ';
        rest = rest.slice(item[0].length);
      }
      atStart = false;
      continue;
    }
    if (rest.startsWith('\n')) {
      shown += '\n';
      rest = rest.slice(1);
      atStart = true;
      continue;
    }
    const found = rules.map((rule) => ({ rule, match: rule.pattern.exec(rest) })).find(({ match }) => match);
    if (found?.match) {
      const { rule, match } = found;
      const inside = rule.show ? rule.show(match) : read(match[1] ?? '', marks, false);
      if (rule.kind !== 'escape') marks.push({ kind: rule.kind, text: inside });
      shown += inside;
      rest = rest.slice(match[0].length);
      continue;
    }
    const words = plain.exec(rest)?.[0] ?? rest;
    shown += words;
    rest = rest.slice(words.length);
  }
  return shown;
}
