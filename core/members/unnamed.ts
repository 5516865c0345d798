import { type Language, languages } from '../language.ts';
import type { Texts } from '../text.ts';

/** What a person is called whose name neither the invitation nor the messenger gave. */
export function unnamed(texts: Texts, language: Language): string {
  return texts.translate(language, 'people:unnamed');
}

/** Whether this is no name of theirs, but what stands in for it. */
export function isUnnamed(texts: Texts, name: string): boolean {
  return languages.some((language) => unnamed(texts, language) === name);
}
