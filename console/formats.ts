import { Temporal } from 'temporal-polyfill';
import type { Language } from '../core/language.ts';

/** Numbers and moments as people of this language write them, in the network's time zone. */
export interface Formats {
  readonly timeZone: string;
  number(value: number): string;
  /** 0.125 → "12,5%" */
  percent(share: number): string;
  /** "23 listopada 2026, godz. 14:00" */
  moment(epochMs: number): string;
  /** "23 lis 2026, 14:00" */
  short(epochMs: number): string;
  date(epochMs: number): string;
  /** "3 min", "2 godz. 5 min", "4 dni" */
  duration(seconds: number): string;
  /** Bytes as kB or MB. */
  size(bytes: number): string;
  /** "2026-11-23T14:00" for a datetime-local field. */
  toField(epochMs: number): string;
  list(items: readonly string[]): string;
}

const tags = { pl: 'pl-PL', en: 'en-GB' } as const;
const made = new Map<string, Formats>();

export function formatsFor(language: Language, timeZone: string): Formats {
  const key = `${language} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  const formats = makeFormats(tags[language], timeZone);
  made.set(key, formats);
  return formats;
}

function makeFormats(tag: string, timeZone: string): Formats {
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'long' });
  const time = new Intl.DateTimeFormat(tag, { timeZone, timeStyle: 'short' });
  const at = tag === 'pl-PL' ? ', godz. ' : ' at ';
  const short = new Intl.DateTimeFormat(tag, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const list = new Intl.ListFormat(tag, { type: 'conjunction' });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(tag, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    }).format(value);
  return {
    timeZone,
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    moment: (moment) => `${date.format(moment)}${at}${time.format(moment)}`,
    short: (at) => short.format(at),
    date: (at) => date.format(at),
    duration: (seconds) =>
      durationParts(seconds)
        .map(([value, name]) => unit(value, name))
        .join(' '),
    size: (bytes) =>
      bytes < 1_000_000
        ? unit(Math.max(1, Math.round(bytes / 1000)), 'kilobyte')
        : unit(bytes / 1_000_000, 'megabyte'),
    toField: (at) =>
      Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(timeZone)
        .toPlainDateTime()
        .toString({ smallestUnit: 'minute' }),
    list: (items) => list.format(items),
  };
}

function durationParts(seconds: number): [number, string][] {
  if (seconds < 60) return [[Math.round(seconds), 'second']];
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return [[minutes, 'minute']];
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0
      ? [[hours, 'hour']]
      : [
          [hours, 'hour'],
          [rest, 'minute'],
        ];
  }
  return [[Math.round(hours / 24), 'day']];
}

/** Epoch ms of a datetime-local field in the zone; a time skipped by the clocks moves past the gap. Null when malformed. */
export function fromField(value: string, timeZone: string): number | null {
  try {
    return Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return null;
  }
}
