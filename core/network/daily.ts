import { Temporal } from 'temporal-polyfill';

/** The first moment after `after` (epoch ms) at which clocks in the zone show `time`, "HH:MM". */
export function nextDaily(after: number, time: string, timeZone: string): number {
  const day = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone).toPlainDate();
  const [today, tomorrow] = [0, 1].map((days) => {
    const moment = day.add({ days }).toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) });
    return moment.epochMilliseconds;
  }) as [number, number];
  return today > after ? today : tomorrow;
}
