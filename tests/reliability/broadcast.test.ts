import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../runtime/config.ts';
import { databaseLocation } from '../../runtime/data-folder.ts';
import { openDatabase } from '../../runtime/database.ts';
import { findRedisProgram } from '../../runtime/queue/private-redis.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Environment, type People, settlePeople, shownCounts, WiciProcess } from './wici.ts';

let emulator: TelegramEmulator;
let temp: ReturnType<typeof makeTempFolder>;
let environment: Environment;
let running: WiciProcess[];

beforeEach(async () => {
  emulator = await TelegramEmulator.start({ rates: { perSecond: 60, perChatPerSecond: 5, retryAfter: 1 } });
  temp = makeTempFolder();
  running = [];
  const telegram = { TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_URL: emulator.url };
  environment = { dataFolder: temp.folder, variables: telegram };
});

afterEach(async () => {
  await Promise.all(running.map((wici) => wici.end('SIGKILL')));
  await emulator.close();
  temp.remove();
});

async function start(): Promise<WiciProcess> {
  const wici = await WiciProcess.start(environment);
  running.push(wici);
  return wici;
}

const shownInAll = (people: People) => shownCounts(people.telegram).reduce((a, b) => a + b, 0);

async function settled(wici: WiciProcess, id: string, everybody: number): Promise<void> {
  const over = async () => {
    const { recipients, pending } = await wici.counts(id);
    return recipients === everybody && pending === 0;
  };
  await until(over, 90_000, 'the end of the broadcast');
}

describe('A broadcast', () => {
  it('whose process is killed in the middle reaches everybody after the next start, nobody twice', async () => {
    const people = await settlePeople(environment, emulator, { telegram: 300, webchat: 0 });
    const first = await start();
    const id = await first.announce();
    await until(() => shownInAll(people) >= 80, 60_000);
    await first.end('SIGKILL');
    const second = await start();
    await settled(second, id, 300);
    const counts = await second.counts(id);
    // The administrator of a first start only uses the console: nobody's recipient.
    expect(counts).toMatchObject({ recipients: 300, pending: 0, unreachable: 0, failed: 0 });
    expect(counts.accepted + counts.unknown).toBe(300);
    // Unknown are only those that were being sent when it died; each is shown at most once all the same.
    expect(counts.unknown).toBeLessThanOrEqual(40);
    const shown = shownCounts(people.telegram);
    expect(Math.max(...shown)).toBe(1);
    expect(shown.filter((n) => n === 0).length).toBeLessThanOrEqual(counts.unknown);
    await listsUnknown(second, id, counts.unknown);
  });

  describe.skipIf(findRedisProgram() === null)('goes on, everybody once, when in the middle', () => {
    const wipe = async () => {
      const redis = new Redis({ path: join(temp.folder, 'queue', 'redis.sock') });
      await redis.flushall();
      redis.disconnect();
    };
    const kill = () =>
      process.kill(Number(readFileSync(join(temp.folder, 'queue', 'redis.pid'), 'utf8')), 'SIGKILL');

    it.each([
      ['everything in Redis is wiped', wipe],
      ['Redis is killed', kill],
    ])('%s', async (_, harm) => {
      // More chunks than are done side by side: some bells really are lost.
      const people = await settlePeople(environment, emulator, { telegram: 400, webchat: 0 });
      const wici = await start();
      const id = await wici.announce();
      await until(() => shownInAll(people) >= 60, 60_000);
      await harm();
      await settled(wici, id, 400);
      expect(await wici.counts(id)).toMatchObject({ accepted: 400, unknown: 0, failed: 0 });
      expect(shownCounts(people.telegram).every((n) => n === 1)).toBe(true);
    });
  });

  it('goes out without any Redis on the machine', async () => {
    const path = pathWithoutRedis(temp.folder);
    environment = { ...environment, variables: { ...environment.variables, PATH: path } };
    const people = await settlePeople(environment, emulator, { telegram: 30, webchat: 120 });
    const wici = await start();
    expect(wici.said).toContain('a queue inside Wici');
    const id = await wici.announce();
    await settled(wici, id, 150);
    expect(await wici.counts(id)).toMatchObject({ accepted: 150, unknown: 0, failed: 0 });
    expect(shownCounts(people.telegram).every((n) => n === 1)).toBe(true);
  });

  it('of a thousand reaches the web chat and Telegram, each once', async () => {
    const people = await settlePeople(environment, emulator, { telegram: 400, webchat: 600 });
    const wici = await start();
    const id = await wici.announce();
    await settled(wici, id, 1000);
    expect(await wici.counts(id)).toMatchObject({ recipients: 1000, accepted: 1000, unknown: 0, failed: 0 });
    expect(shownCounts(people.telegram).every((n) => n === 1)).toBe(true);
    expect(await transcripts()).toEqual({ people: 600, messages: 600 });
  });

  it('is finished as far as it is in hand at Ctrl-C, leaves nothing unknown, and goes on at the next start', async () => {
    const people = await settlePeople(environment, emulator, { telegram: 200, webchat: 0 });
    const first = await start();
    const id = await first.announce();
    await until(() => shownInAll(people) >= 40, 60_000);
    const began = Date.now();
    expect(await first.end('SIGINT')).toBe(0);
    expect(Date.now() - began).toBeLessThan(11_000);
    expect(first.said).toContain('Stopped.');
    const second = await start();
    await settled(second, id, 200);
    expect(await second.counts(id)).toMatchObject({ accepted: 200, unknown: 0, failed: 0 });
    expect(shownCounts(people.telegram).every((n) => n === 1)).toBe(true);
  });
});

/** Only an empty folder: the program itself is started by its full path. */
function pathWithoutRedis(folder: string): string {
  const empty = join(folder, 'programs');
  mkdirSync(empty);
  return empty;
}

async function listsUnknown(wici: WiciProcess, id: string, many: number): Promise<void> {
  const listed: string[] = [];
  let cursor = '';
  do {
    const page: { items: { status: string }[]; next: string | null } = await wici.api(
      'GET',
      `/announcements/${id}/deliveries?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    listed.push(...page.items.map((d) => d.status));
    cursor = page.next ?? '';
  } while (cursor);
  expect(listed.filter((status) => status === 'unknown')).toHaveLength(many);
}

async function transcripts(): Promise<{ people: number; messages: number }> {
  const database = openDatabase(databaseLocation(readConfig({ WICI_DATA: temp.folder })));
  const rows = await database.db.selectFrom('webchat_message').select('external_id').execute();
  await database.close();
  return { people: new Set(rows.map((r) => r.external_id)).size, messages: rows.length };
}
