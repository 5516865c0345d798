import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { nextAllowed, type QuietHours } from '../../core/network/quiet-hours.ts';

const warsaw: QuietHours = { timeZone: 'Europe/Warsaw', from: '20:00', to: '07:00' };
const at = (iso: string) => Temporal.ZonedDateTime.from(`${iso}[Europe/Warsaw]`).epochMilliseconds;

describe('quiet hours', () => {
  it.each([
    ['in the middle of the day a message leaves at once', '2026-11-23T10:00', '2026-11-23T10:00'],
    ['in the evening it waits for the morning', '2026-11-23T20:00', '2026-11-24T07:00'],
    ['before dawn it waits for the same morning', '2026-11-23T03:30', '2026-11-23T07:00'],
    ['the end itself is allowed', '2026-11-23T07:00', '2026-11-23T07:00'],
    ['the last minute before is allowed', '2026-11-23T19:59', '2026-11-23T19:59'],
    ['a night with a lost hour still ends at seven', '2026-03-28T21:00', '2026-03-29T07:00'],
    ['a night with a repeated hour still ends at seven', '2026-10-24T21:00', '2026-10-25T07:00'],
    ['new year', '2026-12-31T23:59', '2027-01-01T07:00'],
  ])('%s', (_name, now, expected) => {
    expect(nextAllowed(at(now), warsaw)).toBe(at(expected));
  });

  it('moves an end that does not exist that day past the gap', () => {
    const quiet = { ...warsaw, to: '02:30' };
    expect(nextAllowed(at('2026-03-28T22:00'), quiet)).toBe(at('2026-03-29T03:30'));
  });

  it('holds within one day when they do not span midnight', () => {
    const siesta = { ...warsaw, from: '12:00', to: '14:00' };
    expect(nextAllowed(at('2026-11-23T13:00'), siesta)).toBe(at('2026-11-23T14:00'));
    expect(nextAllowed(at('2026-11-23T23:00'), siesta)).toBe(at('2026-11-23T23:00'));
  });

  it.each([
    { from: null, to: null },
    { from: '20:00', to: null },
    { from: '08:00', to: '08:00' },
  ])('does not exist with %o', (hours) => {
    const now = at('2026-11-23T23:00');
    expect(nextAllowed(now, { ...warsaw, ...hours })).toBe(now);
  });

  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const zone = fc.constantFrom(
    'Europe/Warsaw',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'UTC',
  );
  // Around both changes of 2026 in every zone, where mistakes live; and any time at all.
  const moment = fc.oneof(
    fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 3, 10) }),
    fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 5) }),
    fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
  );

  it('never sends earlier than asked nor keeps longer than a day and the clock’s change', () => {
    fc.assert(
      fc.property(moment, zone, time, time, (now, timeZone, from, to) => {
        const allowed = nextAllowed(now, { timeZone, from, to });
        expect(allowed).toBeGreaterThanOrEqual(now);
        expect(allowed - now).toBeLessThanOrEqual(25 * 3_600_000);
      }),
    );
  });

  it('ends where it says: asked again at that moment it lets through', () => {
    fc.assert(
      fc.property(moment, zone, time, time, (now, timeZone, from, to) => {
        const hours = { timeZone, from, to };
        const allowed = nextAllowed(now, hours);
        const again = nextAllowed(allowed, hours);
        // A repeated or skipped end may move on once more, never by more than the change of the clock.
        expect(again - allowed).toBeLessThanOrEqual(3_600_000);
        expect(nextAllowed(again, hours)).toBe(again);
      }),
    );
  });

  it('on ordinary days lets nothing through while the local clock says quiet', () => {
    const winter = fc.integer({ min: Date.UTC(2026, 10, 10), max: Date.UTC(2027, 1, 20) });
    fc.assert(
      fc.property(winter, (now) => {
        const local = Temporal.Instant.fromEpochMilliseconds(nextAllowed(now, warsaw)).toZonedDateTimeISO(
          'Europe/Warsaw',
        );
        expect(local.hour).toBeGreaterThanOrEqual(7);
        expect(local.hour).toBeLessThan(20);
      }),
    );
  });
});
