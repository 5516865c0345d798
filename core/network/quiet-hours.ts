import { Temporal } from 'temporal-polyfill';

export interface QuietHours {
  /** IANA zone. */
  readonly timeZone: string;
  /** "HH:MM" local, or null when there are none. `from` after `to` spans midnight. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The first moment at or after `now` (epoch ms) at which a non-urgent message may leave: `now` itself outside quiet hours,
 * else their end on the local clock. A local end that does not exist that day (spring forward) moves past the gap.
 */
export function nextAllowed(now: number, { timeZone, from, to }: QuietHours): number {
  if (from === null || to === null || from === to) return now;
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const time = local.toPlainTime();
  const start = Temporal.PlainTime.from(from);
  const end = Temporal.PlainTime.from(to);
  const afterStart = Temporal.PlainTime.compare(time, start) >= 0;
  const beforeEnd = Temporal.PlainTime.compare(time, end) < 0;
  const overnight = Temporal.PlainTime.compare(start, end) > 0;
  const quiet = overnight ? afterStart || beforeEnd : afterStart && beforeEnd;
  if (!quiet) return now;
  const endDate = overnight && afterStart ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  const ends = endDate.toZonedDateTime({ timeZone, plainTime: end }).epochMilliseconds;
  // In the repeated hour of autumn the first reading of the clock may already lie behind us.
  return Math.max(now, ends);
}
