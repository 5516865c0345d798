import { Temporal } from 'temporal-polyfill';
import { formatter } from '../formatter.ts';
import { authored, literal, type Text } from '../text.ts';

/** "14:05" on the network's clock: the same in every language. */
export function clockTime(at: number, timeZone: string): Text {
  return literal(local(at, timeZone).toPlainTime().toString({ smallestUnit: 'minute' }));
}

/** "23 listopada 2026, 14:05" / "23 November 2026, 14:05" on the network's clock. */
export function dayAndTime(at: number, timeZone: string): Text {
  const time = local(at, timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
  const day = (locale: string) =>
    formatter(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(at);
  return authored({ pl: `${day('pl')}, ${time}`, en: `${day('en-GB')}, ${time}` });
}

/** "2026-11-23 14:05" on the network's clock: sorts, and every spreadsheet reads it. */
export function sheetTime(at: number, timeZone: string): string {
  const moment = local(at, timeZone);
  return `${moment.toPlainDate()} ${moment.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

function local(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}
