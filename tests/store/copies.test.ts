import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webchatSince } from '../../core/store/webchat.ts';
import { readConfig } from '../../runtime/config.ts';
import { backUp } from '../../runtime/copies/back-up.ts';
import { move, undoMove } from '../../runtime/copies/move.ts';
import { examineBackup, restore } from '../../runtime/copies/restore.ts';
import { lockDataFolder } from '../../runtime/data-lock.ts';
import { openCore } from '../../runtime/open-core.ts';
import { makeTempFolder, tempFolder } from '../support/temp-folder.ts';
import { makeTestDatabase, openTestCore, type TestCore } from '../support/test-core.ts';
import { type Action, anyAction, lasting, live, sumsOf } from './copies-support.ts';

const onPostgres = process.env.WICI_TEST_POSTGRES !== undefined;
const secret = 'the-secret-of-this-installation';

const someDays: Action[] = (
  ['join', 'join', 'announce', 'poll', 'settle', 'vote', 'reply', 'report', 'announce', 'wait'] as const
).map((does, n) => ({
  does,
  who: n,
  text: `Zażółć ${n}`,
  file: new Uint8Array([0, 255, 10, n]),
  flag: n % 2 === 0,
}));

async function network(folder: string): Promise<TestCore> {
  const t = await openTestCore(undefined, undefined, join(folder, 'wici.db'));
  onTestFinished(() => t.close());
  return t;
}

/** An empty place to restore into, of the kind these tests run on. */
async function emptyPlace() {
  const { folder, remove } = makeTempFolder();
  const { location, drop } = await makeTestDatabase(join(folder, 'wici.db'));
  const leave = async () => {
    await drop();
    remove();
  };
  return { config: configOf(folder, location), location, leave };
}

function configOf(folder: string, location: string) {
  return readConfig({
    WICI_DATA: folder,
    ...(location.startsWith('postgres') ? { DATABASE_URL: location } : {}),
  });
}

describe('a backup', () => {
  it('of any network, restored, is that network again', { timeout: 60_000 }, async () => {
    const folder = tempFolder();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 40 }), async (actions) => {
        const t = await openTestCore(undefined, undefined, join(folder, `${++runs}.db`));
        const place = await emptyPlace();
        try {
          await live(t, actions);
          const file = join(folder, `${runs}.jsonl.gz`);
          const made = await backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } });
          await restore(place.config, file);
          const there = lasting(await sumsOf(place.location));
          expect(there).toEqual(lasting(await sumsOf(t.location)));
          expect(there).toEqual(lasting(made.sums));
        } finally {
          await t.close();
          await place.leave();
        }
      }),
      { numRuns: onPostgres ? 3 : 8, endOnFailure: true },
    );
  });

  it('shows one moment, however much is written meanwhile', async () => {
    const folder = tempFolder();
    const t = await network(folder);
    let writing = true;
    const traffic = (async () => {
      for (let n = 0; writing; n++) {
        await live(t, [{ does: 'announce', who: n, text: `W trakcie ${n}`, file: null, flag: true }]);
        await setImmediate();
      }
    })();
    const file = join(folder, 'a.jsonl.gz');
    await backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } });
    writing = false;
    await traffic;
    const place = await emptyPlace();
    onTestFinished(place.leave);
    // Restoring checks every foreign key, and counts against counts.
    await restore(place.config, file);
    const { core, database } = await openCore(place.config);
    const orphans = await core.db
      .selectFrom('announcement')
      .leftJoin('due_moment', 'due_moment.subject_id', 'announcement.id')
      .select('announcement.id')
      .where('due_moment.id', 'is', null)
      .execute();
    await database.close();
    expect(orphans).toEqual([]);
  });

  it('is for its owner only, under its name only when it is whole, and overwrites nothing', async () => {
    const folder = tempFolder();
    const t = await network(folder);
    const file = join(folder, 'new', 'monday.jsonl.gz');
    await backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'new'))).toEqual(['monday.jsonl.gz']);
    await expect(
      backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } }),
    ).rejects.toThrow('exists already');
  });

  it('gives the secret back, and people stay where they were but signed in', async () => {
    const folder = tempFolder();
    const t = await network(folder);
    await live(t, someDays);
    const [member] = await t.core.db.selectFrom('member').select('id').limit(1).execute();
    const session = { id: 's', member_id: String(member?.id), created_at: 1, expires_at: 9e15 };
    await t.core.db.insertInto('session').values(session).execute();
    const said = { id: 'm', external_id: 'browser', from: 'wici' as const, body: '{}', at: 1, position: 7 };
    await t.core.db.insertInto('webchat_message').values(said).execute();
    const file = join(folder, 'a.jsonl.gz');
    await backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } });
    const place = await emptyPlace();
    onTestFinished(place.leave);
    await restore(place.config, file);
    const kept = join(place.config.dataFolder, 'secret');
    expect(readFileSync(kept, 'utf8').trim()).toBe(secret);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const { core, database } = await openCore(place.config);
    expect(await core.db.selectFrom('session').selectAll().execute()).toEqual([]);
    // A page left open has seen positions up to where the network's later self came.
    expect((await webchatSince(core.db, 'browser', 5000, 9)).map(({ id }) => id)).toEqual(['m']);
    await database.close();
  });
});

function unpacked(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}

/** The same, made by a version that had a migration more. */
function ofNewer(backup: Buffer): Buffer {
  const [head = '', ...rest] = gunzipSync(backup).toString().trimEnd().split('\n');
  const header = JSON.stringify({ ...JSON.parse(head), version: '9.9.9', migration: '9999-later' });
  const before = [header, ...rest.slice(0, -1)].map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(before).digest('hex');
  const end = JSON.stringify({ ...JSON.parse(rest.at(-1) ?? ''), sha256 });
  return gzipSync(`${before}${end}\n`);
}

describe('a restore refuses in one line', () => {
  async function aBackup() {
    const folder = tempFolder();
    const t = await network(folder);
    await live(t, someDays);
    const file = join(folder, 'a.jsonl.gz');
    await backUp({ location: t.location, secret, takenAt: t.clock.now(), to: { file } });
    const place = await emptyPlace();
    onTestFinished(place.leave);
    return { folder, file, place, bytes: readFileSync(file) };
  }

  it('what was cut off anywhere, or changed anywhere, and leaves the place empty', async () => {
    const { folder, place, bytes } = await aBackup();
    const text = gunzipSync(bytes).toString();
    const lines = text.trimEnd().split('\n');
    const without = (n: number) => gzipSync(`${lines.filter((_, i) => i !== n).join('\n')}\n`);
    const spoiled: Buffer[] = [
      Buffer.alloc(0),
      bytes.subarray(0, 30),
      bytes.subarray(0, bytes.length / 2),
      bytes.subarray(0, bytes.length - 1),
      Buffer.from('This is no backup.'),
      gzipSync('This is no backup either.\n'),
      gzipSync(text.slice(0, -100)),
      gzipSync(text.replace('Zażółć 2', 'Zażółć 3')),
      gzipSync(`${text}[]\n`),
      without(0),
      without(Math.floor(lines.length / 2)),
      without(lines.length - 1),
    ];
    for (const [n, wrong] of spoiled.entries()) {
      const file = join(folder, `wrong-${n}.jsonl.gz`);
      writeFileSync(file, wrong);
      await expect(restore(place.config, file), `spoiled ${n}`).rejects.toThrow(/is not a whole backup/);
    }
    expect(existsSync(join(place.config.dataFolder, 'wici.db'))).toBe(false);
    expect(existsSync(join(place.config.dataFolder, 'secret'))).toBe(false);
  });

  it('any byte of the file changed, unless it unpacks to the very same text', {
    timeout: 60_000,
  }, async () => {
    const { folder, bytes } = await aBackup();
    const file = join(folder, 'wrong.jsonl.gz');
    const whole = await examineBackup(join(folder, 'a.jsonl.gz'));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const wrong = Buffer.from(bytes);
        wrong[at] = (wrong[at] ?? 0) ^ by;
        writeFileSync(file, wrong);
        // The header of gzip holds a moment nobody reads, and what stands twice in a text may be packed in two ways.
        if (unpacked(wrong)?.equals(gunzipSync(bytes))) expect(await examineBackup(file)).toEqual(whole);
        else await expect(examineBackup(file)).rejects.toThrow(/is not a whole backup/);
      }),
      {
        numRuns: 40,
        examples: [
          [5, 1],
          [bytes.length >> 1, 255],
          [bytes.length - 1, 1],
        ],
      },
    );
  });

  it('a backup of a newer Wici', async () => {
    const { folder, place, bytes } = await aBackup();
    const file = join(folder, 'newer.jsonl.gz');
    writeFileSync(file, ofNewer(bytes));
    await expect(restore(place.config, file)).rejects.toThrow(/was made by a newer Wici \(9\.9\.9\)/);
  });

  it('a place where a network is, and a folder Wici runs on', async () => {
    const { file, place } = await aBackup();
    await restore(place.config, file);
    await expect(restore(place.config, file)).rejects.toThrow(/holds a database already|has tables already/);
    const lock = lockDataFolder(place.config.dataFolder);
    await expect(restore(place.config, file)).rejects.toThrow(/already running/);
    lock.release();
  });

  it('a folder where a crash left the log of a database moved away: it would be read into the new one', async () => {
    const { file } = await aBackup();
    const folder = tempFolder();
    writeFileSync(join(folder, 'wici.db-wal'), 'of another database');
    await expect(restore(readConfig({ WICI_DATA: folder }), file)).rejects.toThrow(
      /holds a database already \(wici\.db-wal\): .+ move these files away together\.$/,
    );
    expect(existsSync(join(folder, 'wici.db'))).toBe(false);
  });

  it('a file that is not there', async () => {
    const { place } = await aBackup();
    await expect(restore(place.config, '/nowhere/a.jsonl.gz')).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });
});

describe('a move', () => {
  it('of any network to the other database and back leaves it as it was', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 30 }), async (actions) => {
        const own = makeTempFolder();
        const t = await openTestCore(undefined, undefined, join(own.folder, 'wici.db'));
        const there = makeTempFolder();
        const back = await emptyPlace();
        try {
          await live(t, actions);
          const before = lasting(await sumsOf(t.location));
          const sqlite = join(there.folder, 'wici.db');
          await move(configOf(own.folder, t.location), sqlite);
          expect(lasting(await sumsOf(sqlite))).toEqual(before);
          await move(configOf(there.folder, sqlite), back.location);
          expect(lasting(await sumsOf(back.location))).toEqual(before);
          expect(lasting(await sumsOf(t.location))).toEqual(before);
        } finally {
          await t.close();
          await back.leave();
          own.remove();
          there.remove();
        }
      }),
      { numRuns: onPostgres ? 2 : 4, endOnFailure: true },
    );
  });

  async function source() {
    const folder = tempFolder();
    const t = await network(folder);
    await live(t, someDays);
    return { config: configOf(folder, t.location), target: join(tempFolder(), 'wici.db') };
  }

  it('marks the old database: nobody starts on it, until the mark is taken away', async () => {
    const { config, target } = await source();
    await move(config, target);
    await expect(openCore(config)).rejects.toThrow(
      /^This network moved to .+wici\.db on 20\d\d-\d\d-\d\d: name that one/,
    );
    await expect(move(config, join(tempFolder(), 'wici.db'))).rejects.toThrow(/This network moved to/);
    expect(await undoMove(config)).toBe(true);
    await (await openCore(config)).database.close();
    expect(await undoMove(config)).toBe(false);
  });

  it('is refused while Wici runs, here or elsewhere', async () => {
    const { config, target } = await source();
    const lock = lockDataFolder(config.dataFolder);
    await expect(move(config, target)).rejects.toThrow(/^Wici is running \(process \d+\): stop it first/);
    lock.release();
    const { core, database } = await openCore(config);
    const process = { id: 'p', machine: 'other', pid: 7, roles: 'jobs', secret_mark: '', messengers: '{}' };
    await core.db
      .insertInto('process')
      .values({ ...process, beat: 1, started_at: 1 })
      .execute();
    const beating = setInterval(
      () => core.db.updateTable('process').set({ beat: Date.now() }).execute(),
      500,
    );
    await expect(move(config, target)).rejects.toThrow(/^Wici is running \(process 7 on other\)/);
    clearInterval(beating);
    await database.close();
    expect(existsSync(target)).toBe(false);
  });

  it('into a database in which anything stands is refused', async () => {
    const { config, target } = await source();
    writeFileSync(target, '');
    await expect(move(config, target)).rejects.toThrow(/holds a database already \(wici\.db\)/);
    await (await openCore(config)).database.close();
  });
});
