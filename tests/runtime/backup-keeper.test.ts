import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backupState } from '../../core/backups/state.ts';
import { nextDaily } from '../../core/network/daily.ts';
import { BackupKeeper, dueAt } from '../../runtime/backup-keeper.ts';
import { whyNot } from '../../runtime/copies/back-up.ts';
import { fileName, outlived, seriesOf } from '../../runtime/copies/file-name.ts';
import { createLogger } from '../../runtime/logger.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { openTestCore } from '../support/test-core.ts';

const secret = 'the-secret-of-this-installation';
const hour = 3_600_000;

async function keeper(at: string | null = '03:30') {
  const folder = tempFolder();
  const t = await openTestCore('2026-11-23T10:00:00Z', undefined, join(folder, 'wici.db'));
  onTestFinished(() => t.close());
  const backups = join(folder, 'backups');
  const make = () =>
    new BackupKeeper({
      core: t.core,
      config: { folder: backups, at, keep: { days: 7, weeks: 4 } },
      location: t.location,
      secret,
      log: createLogger('silent'),
      publish: () => undefined,
    });
  const state = () => backupState(t.core.db, t.clock.now());
  const files = () => readdirSync(backups, { recursive: true }).length;
  return { t, backups, make, state, files };
}

describe('the daily backup', () => {
  it('is made at its hour on the network’s clock, once, however many processes look', async () => {
    const { t, make, state, files } = await keeper();
    const [one, two] = [make(), make()];
    await one.lookOnce();
    expect((await state()).made).toBeNull();
    // 03:30 in Warsaw.
    t.clock.set('2026-11-24T02:30:00Z');
    await Promise.all([one.lookOnce(), two.lookOnce()]);
    await two.lookOnce();
    expect(files()).toBe(1);
    const { made, failed, old } = await state();
    expect(made).toMatchObject({ at: t.clock.now() });
    expect({ failed, old }).toEqual({ failed: null, old: false });
  });

  it('missed while nothing ran follows at the next start', async () => {
    const { t, make } = await keeper();
    const first = make();
    t.clock.set('2026-11-24T02:30:00Z');
    await first.lookOnce();
    t.clock.set('2026-11-25T02:30:00Z');
    await first.lookOnce();
    t.clock.set('2026-11-28T12:00:00Z');
    await make().lookOnce();
    const made = await t.core.db.selectFrom('backup').select(['at', 'fault']).orderBy('at').execute();
    expect(made.map(({ at, fault }) => [new Date(at).toISOString().slice(8, 16), fault])).toEqual([
      ['24T02:30', null],
      ['25T02:30', null],
      ['28T12:00', null],
    ]);
  });

  it('that fails is told, and tried again after an hour', async () => {
    const { t, backups, make, state, files } = await keeper();
    const one = make();
    writeFileSync(backups, 'a file where the folder should be');
    t.clock.set('2026-11-24T02:30:00Z');
    await one.lookOnce();
    expect((await state()).failed?.why).toContain(backups);
    await one.lookOnce();
    t.clock.advance(hour);
    rmSync(backups);
    await one.lookOnce();
    expect(files()).toBe(1);
    expect((await state()).failed).toBeNull();
  });

  it('off makes none', async () => {
    const { t, make, state } = await keeper(null);
    const one = make();
    t.clock.set('2026-12-24T02:30:00Z');
    await one.lookOnce();
    expect((await state()).made).toBeNull();
  });

  it('older than two days is told', async () => {
    const { t, make, state } = await keeper();
    const one = make();
    t.clock.set('2026-11-24T02:30:00Z');
    await one.lookOnce();
    t.clock.advance(49 * hour);
    expect((await state()).old).toBe(true);
  });

  it('of a process that died over it is made anew after three hours', () => {
    const daily = { time: '03:30', zone: 'Europe/Warsaw' };
    const lost = { at: 1000, ended_at: null, file: null };
    expect(dueAt(daily, lost, 0)).toBe(1000 + 3 * hour);
  });

  it('comes once a day in every zone, also when the clocks change', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
        (zone, at, after) => {
          const time = `${String(at).padStart(2, '0')}:30`;
          const next = nextDaily(after, time, zone);
          expect(next).toBeGreaterThan(after);
          expect(next - after).toBeLessThanOrEqual(25 * hour);
        },
      ),
    );
  });
});

describe('of the backups kept', () => {
  const series = seriesOf(secret);
  const day = (n: number) => fileName(series, Date.parse('2026-01-01T02:30:00Z') + n * 24 * hour, 'UTC');

  it('there are the last days’ and the last weeks’ newest', () => {
    const names: string[] = [];
    for (let n = 0; n < 60; n++) {
      names.push(day(n));
      const gone = outlived(names, series, { days: 7, weeks: 4 });
      for (const name of gone) names.splice(names.indexOf(name), 1);
    }
    expect(names.map((name) => name.slice(12, 22))).toEqual([
      ...['2026-02-08', '2026-02-15', '2026-02-22'],
      ...['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'],
    ]);
  });

  it('the newest is never removed, nor any file of another name or installation', () => {
    const others = [
      `wici-000000-2020-01-01-033000.jsonl.gz`,
      'notes.txt',
      `${series}-2020-01-01-033000.jsonl.gz.part`,
    ];
    expect(outlived([day(0), day(1), ...others], series, { days: 0, weeks: 0 })).toEqual([day(0)]);
  });
});

describe('a backup that cannot be written', () => {
  it.each([
    ['ENOSPC', /^There is no room for a\.gz in \/b: make room there/],
    ['EACCES', /^\/b cannot be written to \(EACCES\): give this user the folder/],
    ['ENOTDIR', /^\/b is not a folder: name another one \(BACKUP_DIR\)\.$/],
    ['EIO', /^\/b\/a\.gz could not be written \(EIO\)/],
  ])('for %s says so in a line', (code, line) => {
    expect(whyNot('/b/a.gz', Object.assign(new Error('x'), { code }))).toMatch(line);
  });
});
