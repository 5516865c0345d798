import { type Language, languages } from '../language.ts';
import type { Authored, Text } from '../text.ts';
import { authored, say } from '../text.ts';
import { type Facts, factsOf, factWords } from './parity-facts.ts';

/** Where two language versions of one text say different things. */
export interface ParityProblem {
  readonly kind: 'missing' | 'dates' | 'numbers' | 'links';
  /** The part of the message: 'title', 'text', 'question', 'options.0' … */
  readonly part: string;
  /** What only this language has: as written for links, normalised otherwise; empty for 'missing'. */
  readonly pl: readonly string[];
  readonly en: readonly string[];
}

/**
 * What a reader of one language would be told and a reader of the other would not: a missing version, dates and times,
 * numbers, links. Each part is compared with itself; a part empty in both languages is no problem. Pure.
 */
export function parityProblems(parts: Readonly<Record<string, Authored>>): ParityProblem[] {
  return Object.entries(parts).flatMap(([part, { pl, en }]) => comparePart(part, blank(pl), blank(en)));
}

/** The problem in words, for staff. */
export function describeProblem({ kind, part, pl, en }: ParityProblem): Text {
  const words = (values: readonly string[], language: Language) =>
    (kind === 'links' ? values : values.map((value) => factWords(value, language))).join(', ');
  const list = (values: readonly string[]): Text =>
    values.length === 0
      ? say('announcements:parity.nothing')
      : authored(Object.fromEntries(languages.map((language) => [language, words(values, language)])));
  const [name = part, position] = part.split('.');
  const where = say(`announcements:parity.part.${name}`, position ? { number: Number(position) + 1 } : {});
  return say(`announcements:parity.${kind}`, { part: where, pl: list(pl), en: list(en) });
}

function comparePart(part: string, pl: string, en: string): ParityProblem[] {
  if (pl === '' && en === '') return [];
  if (pl === '' || en === '') return [{ kind: 'missing', part, pl: [], en: [] }];
  const facts: Record<Language, Facts> = { pl: factsOf(pl, 'pl'), en: factsOf(en, 'en') };
  const links = differ(facts.pl.links, facts.en.links);
  const dates = withoutOpenYears(differ(facts.pl.dates, facts.en.dates));
  const numbers = differ(facts.pl.numbers, facts.en.numbers);
  const times = differ(facts.pl.times, facts.en.times);
  cancelHours(times.pl, numbers.en);
  cancelHours(times.en, numbers.pl);
  const moments = { pl: [...dates.pl, ...times.pl], en: [...dates.en, ...times.en] };
  return [
    { kind: 'dates' as const, part, ...moments },
    { kind: 'numbers' as const, part, ...numbers },
    { kind: 'links' as const, part, ...links },
  ].filter((problem) => problem.pl.length + problem.en.length > 0);
}

interface Difference {
  pl: string[];
  en: string[];
}

function differ(pl: readonly string[], en: readonly string[]): Difference {
  return { pl: pl.filter((x) => !en.includes(x)), en: en.filter((x) => !pl.includes(x)) };
}

/** "--11-23" (no year said) is the same day as "2026-11-23". */
function withoutOpenYears({ pl, en }: Difference): Difference {
  const same = (a: string, b: string) =>
    (a.startsWith('--') || b.startsWith('--')) && a.slice(-5) === b.slice(-5);
  return {
    pl: pl.filter((a) => !en.some((b) => same(a, b))),
    en: en.filter((b) => !pl.some((a) => same(a, b))),
  };
}

/** "2 pm" in one language may be a bare "14" in the other: "o 14". */
function cancelHours(times: string[], numbers: string[]): void {
  for (const time of [...times]) {
    const at = time.endsWith(':00') ? numbers.indexOf(String(Number(time.slice(0, 2)))) : -1;
    if (at < 0) continue;
    numbers.splice(at, 1);
    times.splice(times.indexOf(time), 1);
  }
}

const blank = (text: string | undefined) => text?.trim() ?? '';
