/** The languages Wici speaks. Polish is the first; every text exists in both. */
export const languages = ['pl', 'en'] as const;
export type Language = (typeof languages)[number];

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language);
}

/** The nearest supported language of a BCP 47 tag ("pl-PL", "en_GB"), or null. */
export function languageFromTag(tag: string | undefined): Language | null {
  const primary = tag?.toLowerCase().split(/[-_]/)[0];
  return isLanguage(primary) ? primary : null;
}
