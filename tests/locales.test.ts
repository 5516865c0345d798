import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Language, languages } from '../core/language.ts';
import { readLocales } from '../runtime/i18n.ts';
import { projectRoot } from '../runtime/paths.ts';

/** Every text by its whole key, "chat:menu.title"; plural forms each on its own. */
const locales = readLocales(join(projectRoot, 'locales'));
const texts = Object.fromEntries(
  languages.map((language) => [language, new Map(textsOf(locales[language], ''))]),
) as Record<Language, Map<string, string>>;

function textsOf(tree: unknown, path: string): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]];
  const separator = path === '' ? '' : path.includes(':') ? '.' : ':';
  return Object.entries(tree as object).flatMap(([name, below]) =>
    textsOf(below, separator === '' ? name : `${path}${separator}${name}`),
  );
}

const plural = /_(one|few|many|other)$/;
const bare = (key: string) => key.replace(plural, '');
const keysOf = (language: Language) => new Set([...texts[language].keys()].map(bare));
const known = keysOf('pl');
const wrong = (language: Language, isWrong: (text: string, key: string) => boolean) =>
  [...texts[language]].filter(([key, text]) => isWrong(text, key)).map(([key, text]) => `${key}: ${text}`);
const blanks = (text: string) =>
  new Set([...text.matchAll(/{{\s*([^}]+?)\s*}}/g)].map(([, name = '']) => name));

/** What the sources say in one text, and every key it names: "…" where a part of the key is decided while running. */
const sources = ['bots', 'console', 'core', 'jobs', 'runtime']
  .flatMap((room) => {
    const folder = join(projectRoot, room);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
  })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const namespaces = [...new Set([...known].map((key) => key.split(':')[0]))];
const ns = `(?:${namespaces.join('|')})`;
const literals = sources.matchAll(new RegExp(`(['"])(${ns}:[^'"\`$]*)\\1`, 'g'));
const templates = sources.matchAll(new RegExp(`\`(${ns}:(?:\\$\\{[^}]*\\}|[^\`$])*)\``, 'g'));
const named = [
  ...new Set([
    ...[...literals].map(([, , key = '']) => key),
    ...[...templates].map(([, key = '']) => key.replace(/\$\{[^}]*\}/g, '…')),
  ]),
];
const patterns = named.map(
  (key) =>
    new RegExp(
      `^${key
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('[A-Za-z0-9.]+')}$`,
    ),
);

describe('texts', () => {
  it('have the same keys in every language', () => {
    for (const language of languages) expect([...keysOf(language)].sort()).toEqual([...known].sort());
  });

  it('have every plural form their language needs, and no other', () => {
    for (const language of languages) {
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.slice().sort();
      const keys = [...texts[language].keys()];
      for (const key of new Set(keys.filter((k) => plural.test(k)).map(bare))) {
        const forms = keys.filter((k) => bare(k) === key).map((k) => plural.exec(k)?.[1] ?? 'none');
        expect(forms.sort(), `${language} ${key}`).toEqual(needed);
      }
    }
  });

  it('leave the same blanks to fill in every language and form; a count may go without saying', () => {
    const blanksOf = (language: Language, key: string) => {
      const forms = [...texts[language]].filter(([k]) => bare(k) === key);
      return new Set(forms.flatMap(([, text]) => [...blanks(text)].filter((name) => name !== 'count')));
    };
    for (const key of known) {
      for (const language of languages) {
        expect([...blanksOf(language, key)].sort(), key).toEqual([...blanksOf('pl', key)].sort());
      }
    }
    for (const language of languages) {
      const all = wrong(
        language,
        (text, key) => plural.test(key) && !sameBlanks(text, blanksOf(language, bare(key))),
      );
      expect(all).toEqual([]);
    }
  });

  it('are there for every key the sources name, and none is left over', () => {
    const keys = [...known];
    expect(named.filter((_, i) => !keys.some((key) => patterns[i]?.test(key)))).toEqual([]);
    expect(keys.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  });

  it('shout at nobody, and are typeset: no straight quotes, hyphens for dashes, three dots, or blanks at the ends', () => {
    for (const language of languages) {
      expect(wrong(language, (text) => /!|"|'| - |\.\.\.|^\s|\s$| {2}/.test(text))).toEqual([]);
    }
  });

  it('in Polish keep one-letter words with the next, quote „so” and use the second person of nobody’s gender', () => {
    expect(wrong('pl', (text) => /(?<!\p{L})[aiouwz] (?=\S)/iu.test(text))).toEqual([]);
    expect(wrong('pl', (text) => /[“‘’]|(?<!„[^”]*)”/u.test(text))).toEqual([]);
    expect(
      wrong('pl', (text) => /ł(?:eś|aś|byś|abyś|bym|abym)(?!\p{L})|[aiyąę]ł(?:em|am)(?!\p{L})/u.test(text)),
    ).toEqual([]);
    expect(
      wrong('pl', (text) =>
        /użytkownik|konsol|dashboard|ticket|feedback|powiadomieni|głosowani[ea]/i.test(text),
      ),
    ).toEqual([]);
  });

  it('end no sentence with a name: many a Polish company’s ends in a full stop of its own', () => {
    const names = /\{\{(?:name|company|group|contact|label)\}\}\./;
    for (const language of languages) expect(wrong(language, (text) => names.test(text))).toEqual([]);
  });

  it('in Polish set the network’s name apart: many a one is called “Sieć …” itself', () => {
    expect(wrong('pl', (text) => /sieci\s\{\{network/u.test(text))).toEqual([]);
  });

  it('in English are quoted “so”', () => {
    expect(wrong('en', (text) => /„/u.test(text))).toEqual([]);
  });
});

function sameBlanks(text: string, expected: ReadonlySet<string>): boolean {
  const found = [...blanks(text)].filter((name) => name !== 'count');
  return found.length === expected.size && found.every((name) => expected.has(name));
}
