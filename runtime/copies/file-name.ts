import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';

/** What the backups of one installation begin with: several may share a folder without clearing up one another's. */
export function seriesOf(secret: string): string {
  return `wici-${createHash('sha256').update(`backups of ${secret}`).digest('hex').slice(0, 6)}`;
}

/** wici-4f2a1c-2026-11-23-033000.jsonl.gz, by the clock of the zone. */
export function fileName(series: string, at: number, timeZone: string): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const time = moment.toPlainTime().toString({ smallestUnit: 'second' }).replaceAll(':', '');
  return `${series}-${moment.toPlainDate()}-${time}.jsonl.gz`;
}

export interface Retention {
  readonly days: number;
  readonly weeks: number;
}

/**
 * Of these files of one series, those no longer wanted: kept are the newest of each of the last days and of each of the last
 * weeks there is a backup of, and the newest in any case. Files of any other name are never named.
 */
export function outlived(names: readonly string[], series: string, { days, weeks }: Retention): string[] {
  const ours = new RegExp(`^${series}-(\\d{4}-\\d{2}-\\d{2})-\\d{6}\\.jsonl\\.gz$`);
  const dated = names
    .flatMap((name) => {
      const day = ours.exec(name)?.[1];
      return day === undefined ? [] : [{ name, day }];
    })
    .sort((a, b) => (a.name < b.name ? 1 : -1));
  const kept = new Set([
    ...newestOfEach(dated, 1, () => ''),
    ...newestOfEach(dated, days, ({ day }) => day),
    ...newestOfEach(dated, weeks, ({ day }) => weekOf(day)),
  ]);
  return dated.flatMap(({ name }) => (kept.has(name) ? [] : [name]));
}

interface Dated {
  readonly name: string;
  readonly day: string;
}

function newestOfEach(newestFirst: readonly Dated[], most: number, span: (file: Dated) => string): string[] {
  const newest = new Map<string, string>();
  for (const file of newestFirst) {
    const key = span(file);
    if (!newest.has(key) && newest.size < most) newest.set(key, file.name);
  }
  return [...newest.values()];
}

function weekOf(day: string): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(day);
  return `${yearOfWeek}-${weekOfYear}`;
}
