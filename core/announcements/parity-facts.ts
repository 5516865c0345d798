import { formatter } from '../formatter.ts';
import type { Language } from '../language.ts';

/** What a text states that must be the same in every language; each once, in order of appearance. */
export interface Facts {
  readonly links: readonly string[];
  /** YYYY-MM-DD, or --MM-DD when the year is not said. */
  readonly dates: readonly string[];
  /** HH:MM. */
  readonly times: readonly string[];
  /** Plain decimals: 1234.5. */
  readonly numbers: readonly string[];
}

/** Reads links, dates, times and numbers as a reader of the language would. Each character counts once, in that order. */
export function factsOf(text: string, language: Language): Facts {
  const rest = new Rest(text.normalize('NFC'));
  const links = rest.take(linkPattern, ([link]) => [tidyLink(link)]);
  const dates = datePatterns[language].flatMap(({ pattern, read }) => rest.take(pattern, read));
  const times = timePatterns[language].flatMap(({ pattern, read }) => rest.take(pattern, read));
  const numbers = rest.take(numberPatterns[language], ([number]) => [plainNumber(number, language)]);
  return { links: unique(links), dates: unique(dates), times: unique(times), numbers: unique(numbers) };
}

/** A date, time or number found, as a reader of the language writes it: "2 grudnia", "1234,5". */
export function factWords(fact: string, language: Language): string {
  const [, year = '', month, day] = /^(\d{4}|-)-(\d{2})-(\d{2})$/.exec(fact) ?? [];
  if (day === undefined) return language === 'pl' ? fact.replace('.', ',') : fact;
  const said = year === '-' ? {} : ({ year: 'numeric' } as const);
  // A text may say 31 February: the day is put in as it was said.
  return formatter(language === 'pl' ? 'pl' : 'en-GB', {
    ...{ day: 'numeric', month: 'long', timeZone: 'UTC' },
    ...said,
  })
    .formatToParts(Date.UTC(Number(year) || 2000, Number(month) - 1))
    .map((part) => (part.type === 'day' ? String(Number(day)) : part.value))
    .join('');
}

/** What of a text has not been read yet. */
class Rest {
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes out what matches and can be read; what `read` refuses with null stays for the next reader. */
  take(pattern: RegExp, read: (match: RegExpExecArray) => string[] | null): string[] {
    const found: string[] = [];
    this.#text = this.#text.replace(pattern, (...args) => {
      const groups = args.slice(
        0,
        args.findIndex((a) => typeof a === 'number'),
      ) as unknown as RegExpExecArray;
      const facts = read(groups);
      if (!facts) return groups[0];
      found.push(...facts);
      return ' ¦ ';
    });
    return found;
  }
}

interface Reader {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => string[] | null;
}

const linkPattern = /(?:https?:\/\/|www\.)[^\s<>"„”«»]+|[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu;

function tidyLink(link: string): string {
  const bare = link.replace(/[.,;:!?)\]}'…]+$/u, '');
  return bare.replace(/^www\./i, 'https://www.').replace(/\/$/, '');
}

const monthStems: Record<Language, readonly string[]> = {
  pl: [
    'stycz(?:eń|nia)|sty',
    'lut(?:y|ego)|lut',
    'mar(?:zec|ca)|mar',
    'kwie(?:cień|tnia)|kwi',
    'maja?',
    'czerw(?:iec|ca)|cze',
    'lip(?:iec|ca)|lip',
    'sierp(?:ień|nia)|sie',
    'wrze(?:sień|śnia)|wrz',
    'październik(?:a)?|paź',
    'listopad(?:a)?|lis',
    'grud(?:zień|nia)|gru',
  ],
  en: [
    'january|jan',
    'february|feb',
    'march|mar',
    'april|apr',
    'may',
    'june|jun',
    'july|jul',
    'august|aug',
    'september|sept|sep',
    'october|oct',
    'november|nov',
    'december|dec',
  ],
};

const months: Record<Language, string> = {
  pl: monthStems.pl.map((stem) => `(?:${stem})`).join('|'),
  en: monthStems.en.map((stem) => `(?:${stem})`).join('|'),
};

function monthNumber(word: string, language: Language): number {
  return monthStems[language].findIndex((stem) => new RegExp(`^(?:${stem})$`, 'iu').test(word)) + 1;
}

const space = '[\\s\\u00a0\\u202f]';
const dash = `${space}*[–—-]${space}*`;
const day = '(?<!\\d)(\\d{1,2})';
const noLetter = '(?!\\p{L})';

function dayFirst(language: Language, ordinal: string): Reader {
  const pattern = new RegExp(
    `(?:${day}\\.?${ordinal}${dash})?${day}\\.?${ordinal}${space}+(?:of${space}+)?(${months[language]})${noLetter}\\.?,?(?:${space}+(\\d{4})(?!\\d))?`,
    'giu',
  );
  return {
    pattern,
    read: ([, from, to, month = '', year]) => dates([from, to], monthNumber(month, language), year),
  };
}

const monthFirst: Reader = {
  pattern: new RegExp(
    `(?<!\\p{L})(${months.en})${noLetter}\\.?${space}+(?:the${space}+)?(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:${dash}(\\d{1,2})(?:st|nd|rd|th)?(?!\\d))?(?:,?${space}+(\\d{4})(?!\\d))?`,
    'giu',
  ),
  read: ([, month = '', from, to, year]) => dates([from, to], monthNumber(month, 'en'), year),
};

const iso: Reader = {
  pattern: /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])/g,
  read: ([, year, month, d]) => dates([d], Number(month), year),
};

const numericDate: Reader = {
  pattern: /(?<![\d.,/])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?!\d)/g,
  read: ([, d, , month, year]) => dates([d], Number(month), year),
};

const until = `(?:${dash}|${space}+(?:do|a)${space}+)`;
const noMonth = '(?:00|1[3-9]|[2-9]\\d)';

/**
 * "23.11" in Polish, where decimals have a comma. A dot after "godz." or "o" makes it a time, and so does another end of the
 * same span that can be no date: "od 9.10 do 12.00".
 */
const shortPolishDate: Reader = {
  pattern: new RegExp(
    `(?<![\\d.,])(?<!(?<!\\p{L})(?:godz\\.?|godzin\\p{L}+|o)${space})(?<!\\d\\.${noMonth}${until})` +
      `(\\d{1,2})\\.(\\d{2})(?![\\d,])(?!\\.\\d)(?!${until}\\d{1,2}\\.${noMonth}(?!\\d))`,
    'giu',
  ),
  read: ([, d, month]) => dates([d], Number(month), undefined),
};

const datePatterns: Record<Language, readonly Reader[]> = {
  pl: [iso, numericDate, dayFirst('pl', ''), shortPolishDate],
  en: [iso, numericDate, dayFirst('en', '(?:st|nd|rd|th)?'), monthFirst],
};

function dates(
  days: readonly (string | undefined)[],
  month: number,
  year: string | undefined,
): string[] | null {
  const said = days.flatMap((d) => (d === undefined ? [] : [Number(d)]));
  if (month < 1 || month > 12 || said.some((d) => d < 1 || d > 31)) return null;
  return said.map((d) => `${year ?? '-'}-${two(month)}-${two(d)}`);
}

const clockDotted = '(\\d{1,2})\\.(\\d{2})(?![\\d.])';
const clock = '(\\d{1,2})(?:[:.](\\d{2}))?';

/** One time, or the two ends of a span. */
const span: Reader['read'] = ([, h, m, h2, m2]) => {
  const first: Clock = [h, m];
  return times(h2 === undefined ? [first] : [first, [h2, m2]]);
};

const colonTime: Reader = {
  pattern: /(?<![\d:.,])(\d{1,2}):(\d{2})(?![\d:])(?!\s*[ap]\.?m)/gi,
  read: ([, h, m]) => times([[h, m]]),
};

const hourWord: Reader = {
  pattern: new RegExp(
    `(?<!\\p{L})godz(?:\\.|in\\p{L}*|${space})${space}*${clock}(?!\\d)(?:(?:${dash}|${space}+do${space}+)${clock}(?!\\d))?`,
    'giu',
  ),
  read: span,
};

const dottedTime: Reader = {
  pattern: /(?<=(?<!\p{L})o[\s\u00a0])(\d{1,2})\.(\d{2})(?!\d)/giu,
  read: ([, h, m]) => times([[h, m]]),
};

/** "at 9.10", "from 9.10 to 12.00", the British way; a price or a rate is none. */
const dottedEnglishTime: Reader = {
  pattern: new RegExp(
    `(?<=(?<!\\p{L})(?:at|from|between)${space})${clockDotted}(?:(?:${dash}|${space}+(?:to|and|until|till)${space}+)${clockDotted})?(?!${space}*(?:%|per|pln|eur|zł|€|£))`,
    'giu',
  ),
  read: span,
};

/** "od 8.00 do 12.30": what is left with a dot can be no day of a month, and decimals have a comma. */
const bareTime: Reader = {
  pattern: /(?<![\d.,])(\d{1,2})\.(\d{2})(?![\d,])(?!\.\d)/g,
  read: ([, h, m]) => times([[h, m]]),
};

const amPm: Reader = {
  pattern: new RegExp(
    `(?<![\\d:.,])(?:${clock}${space}*(?:([ap])\\.?m\\.?)?${dash})?(?<![\\d:])${clock}${space}*([ap])\\.?m(?!\\p{L})\\.?`,
    'giu',
  ),
  read: ([, h, m, half, h2, m2, half2 = 'a']) => {
    const last = inDay(h2, m2, half2);
    return times(h === undefined ? [last] : [inDay(h, m, half ?? half2), last]);
  },
};

const noon = (word: string, hour: string): Reader => ({
  pattern: new RegExp(`(?<!\\p{L})(?:${word})(?!\\p{L})`, 'giu'),
  read: () => times([[hour, '00']]),
});

const timePatterns: Record<Language, readonly Reader[]> = {
  pl: [hourWord, colonTime, dottedTime, bareTime, noon('w\\s+południe', '12'), noon('o\\s+północy', '0')],
  en: [amPm, colonTime, dottedEnglishTime, noon('noon|midday', '12'), noon('midnight', '0')],
};

type Clock = readonly [string | undefined, string | undefined];

function inDay(hour: string | undefined, minute: string | undefined, half: string): Clock {
  return [String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)), minute];
}

function times(clocks: readonly Clock[]): string[] | null {
  if (clocks.some(([h, m]) => Number(h) > 24 || Number(m ?? 0) > 59)) return null;
  return clocks.map(([h, m]) => `${two(Number(h))}:${m ?? '00'}`);
}

const numberPatterns: Record<Language, RegExp> = {
  pl: /(?<![\d])(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?!\d)|\d+)(?:,\d+)?/g,
  en: /(?<![\d])(?:\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+)(?:\.\d+)?/g,
};

function plainNumber(written: string, language: Language): string {
  const decimal = language === 'pl' ? ',' : '.';
  const [whole = '', fraction = ''] = written.split(decimal);
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  return rest === '' ? digits : `${digits}.${rest}`;
}

const two = (n: number) => String(n).padStart(2, '0');
const unique = (values: readonly string[]) => [...new Set(values)];
