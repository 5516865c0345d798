import { formatter } from './formatter.ts';
import { type Language, languages } from './language.ts';
import { authored, type Text } from './text.ts';

const locales: Record<Language, string> = { pl: 'pl-PL', en: 'en-GB' };

/** A moment (epoch ms) as people write it: "23 listopada 2026, godz. 14:00", "23 November 2026, 14:00". */
export function momentText(at: number, timeZone: string): Text {
  return authored(Object.fromEntries(languages.map((l) => [l, momentIn(l, at, timeZone)])));
}

export function momentIn(language: Language, at: number, timeZone: string): string {
  const locale = locales[language];
  const date = formatter(locale, { dateStyle: 'long', timeZone }).format(at);
  const time = formatter(locale, { timeStyle: 'short', timeZone }).format(at);
  return language === 'pl' ? `${date}, godz.\u00a0${time}` : `${date}, ${time}`;
}
