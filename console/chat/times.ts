import { Temporal } from 'temporal-polyfill';
import type { Language } from '../../core/language.ts';

const tags = { pl: 'pl-PL', en: 'en-GB' } as const;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** "14:05" in the network's zone. */
export function clockTime(at: number, language: Language, timeZone: string): string {
  return formatter(language, timeZone, 'time').format(at);
}

/** "poniedziałek, 23 listopada 2026": the line above a day's first message. */
export function dayName(at: number, language: Language, timeZone: string): string {
  return formatter(language, timeZone, 'day').format(at);
}

/** "2026-11-23": equal for two moments of one day in the zone. */
export function dayKey(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** Bytes as "12 kB" or "3,4 MB". */
export function fileSize(bytes: number, language: Language): string {
  const large = bytes >= 1_000_000;
  return new Intl.NumberFormat(tags[language], {
    style: 'unit',
    unit: large ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: large ? 1 : 0,
  }).format(large ? bytes / 1_000_000 : Math.max(1, bytes / 1000));
}

function formatter(language: Language, timeZone: string, kind: 'time' | 'day'): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${kind}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(tags[language], {
      timeZone,
      ...(kind === 'time' ? { hour: '2-digit', minute: '2-digit' } : { dateStyle: 'full' }),
    });
    formatters.set(key, found);
  }
  return found;
}
