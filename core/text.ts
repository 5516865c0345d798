import { type Language, languages } from './language.ts';

/** A text a person authored, by language; at least one language is present. */
export type Authored = { readonly [L in Language]?: string };

/**
 * Text that is resolved when it leaves, in the reader's language: a locale key with parameters, an authored translation,
 * or words that are the same in every language (a name, a number).
 */
export type Text =
  | { readonly key: string; readonly params?: Params }
  | { readonly authored: Authored }
  | { readonly literal: string }
  /** Said in this language, whoever reads it. */
  | { readonly spoken: Language; readonly text: Text };

export type Params = { readonly [name: string]: string | number | Text };

/** Translates a locale key ("chat:menu.title"). Keys and plural forms live in locales/. Implemented in runtime/i18n.ts. */
export interface Texts {
  translate(language: Language, key: string, params?: Readonly<Record<string, string | number>>): string;
}

export const say = (key: string, params?: Params): Text => (params ? { key, params } : { key });
export const authored = (text: Authored): Text => ({ authored: text });
export const literal = (text: string): Text => ({ literal: text });
export const spoken = (language: Language, text: Text): Text => ({ spoken: language, text });

/** The words of `text` for a reader of `language`; an authored text missing there falls back to the other language. */
export function resolve(texts: Texts, language: Language, text: Text): string {
  if ('literal' in text) return text.literal;
  if ('spoken' in text) return resolve(texts, text.spoken, text.text);
  if ('authored' in text) return inLanguage(text.authored, language);
  const params = Object.fromEntries(
    Object.entries(text.params ?? {}).map(([name, value]) => [
      name,
      typeof value === 'object' ? resolve(texts, language, value) : value,
    ]),
  );
  return texts.translate(language, text.key, params);
}

/** The authored text in `language`, else in the first language it has. */
export function inLanguage(text: Authored, language: Language): string {
  return text[language] ?? languages.map((other) => text[other]).find((words) => words !== undefined) ?? '';
}
