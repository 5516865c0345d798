import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';
import { findRedisProgram } from '../../runtime/queue/private-redis.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { postgresFolder } from '../setup/parts.mjs';
import { startPostgres } from '../setup/postgres.mjs';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Environment, type People, settlePeople, shownCounts, WiciProcess } from './wici.ts';

const redisProgram = findRedisProgram();
const secret = 'a secret for tests only';
const rate = 60;
const telegramPeople = 240;
const browsers = 40;

describe.skipIf(postgresFolder() === null || redisProgram === null)(
  'One console, two bots, three workers',
  () => {
    const { folder, remove } = makeTempFolder();
    const closers: (() => unknown)[] = [remove];
    let telegram: TelegramEmulator;
    let environment: Environment;
    let database: ReturnType<typeof openDatabase>;
    let people: People;
    let wici: WiciProcess;
    let worker: WiciProcess;

    beforeAll(async () => {
      const postgres = await startPostgres();
      closers.push(() => postgres.stop());
      telegram = await TelegramEmulator.start({
        rates: { perSecond: rate, perChatPerSecond: 5, retryAfter: 1 },
      });
      closers.push(() => telegram.close());
      const port = await freePort();
      environment = {
        dataFolder: folder,
        variables: {
          DATABASE_URL: postgres.url,
          REDIS_URL: await startRedis(),
          WICI_SECRET: secret,
          WICI_URL: `http://127.0.0.1:${port}`,
          TELEGRAM_BOT_TOKEN: telegram.token,
          TELEGRAM_API_URL: telegram.url,
          TELEGRAM_MESSAGES_PER_SECOND: String(rate - 3),
        },
      };
      people = await settlePeople(environment, telegram, { telegram: telegramPeople, webchat: browsers });
      database = openDatabase(postgres.url);
      closers.push(() => database.close());
      // The first one brings the schema; the others come together.
      wici = await start('console', { PORT: String(port) });
      [worker] = await Promise.all([
        start('jobs'),
        start('jobs'),
        start('jobs'),
        start('bots'),
        start('bots'),
      ]);
    });

    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });

    async function start(roles: string, more: Record<string, string> = {}): Promise<WiciProcess> {
      const { dataFolder, variables } = environment;
      const started = await WiciProcess.start({
        dataFolder,
        variables: { ...variables, ...more, WICI_ROLES: roles },
      });
      closers.push(() => started.end('SIGKILL'));
      return started;
    }

    async function startRedis(): Promise<string> {
      const port = await freePort();
      const server = spawn(String(redisProgram), ['--port', String(port), '--save', '', '--dir', folder], {
        stdio: 'ignore',
      });
      closers.push(async () => {
        server.kill('SIGKILL');
        await once(server, 'exit');
      });
      return `redis://127.0.0.1:${port}`;
    }

    const everybody = telegramPeople + browsers;
    const settled = (id: string) =>
      until(async () => {
        const { recipients, pending } = await wici.counts(id);
        return recipients === everybody && pending === 0;
      }, 40_000);

    it('know of each other, and the console shows the messenger the bots hold', async () => {
      await until(async () => {
        const { processes, messengers } = await readiness();
        return processes.bots === 2 && processes.jobs === 3 && messengers.telegram === 'connected';
      });
      const invitation = { name: 'Osoba Zaproszona' };
      const { links } = await wici.api<{ links: { telegram: string } }>('POST', '/invitations', invitation);
      expect(links.telegram).toMatch(/^https:\/\/t\.me\/\w+\?start=\w+$/);
    });

    it('send a broadcast to everybody once, within the platform’s limit, and an open page hears of it', async () => {
      const id = await wici.announce();
      const page = await openPage(`announcement:${id}`);
      await settled(id);
      expect(await wici.counts(id)).toMatchObject({ accepted: everybody, unknown: 0, failed: 0 });
      expect(shownCounts(people.telegram).every((n) => n === 1)).toBe(true);
      // Not one was refused.
      expect(telegram.calls('sendMessage')).toHaveLength(telegramPeople);
      // The first "changed" is the greeting, the others came from the workers.
      await until(() => page.heard().length > 2);
      page.close();
    });

    it('answer a press within ten seconds after the process that polls was killed', async () => {
      const [first] = people.telegram;
      const killed = performance.now();
      process.kill(await pollingProcess(), 'SIGKILL');
      first?.press('Przeczytane ✓');
      await until(() => /Przeczytane ✓ \d/.test(first?.last().text.replaceAll('\u00a0', ' ') ?? ''), 20_000);
      expect(performance.now() - killed).toBeLessThan(10_000);
      await until(async () => (await readiness()).processes.bots === 1);
    });

    it('lose and double nothing when a worker is killed while it sends', async () => {
      const id = await wici.announce();
      const second = () => shownCounts(people.telegram).filter((n) => n === 2).length;
      await until(() => second() >= 40, 30_000);
      await worker.end('SIGKILL');
      await settled(id);
      const { accepted, unknown, failed } = await wici.counts(id);
      expect({ all: accepted + unknown, failed }).toEqual({ all: everybody, failed: 0 });
      expect(Math.max(...shownCounts(people.telegram))).toBe(2);
      expect(telegramPeople - second()).toBeLessThanOrEqual(unknown);
    });

    async function readiness() {
      const response = await fetch(`${wici.url}/readyz`);
      return (await response.json()) as {
        processes: Record<string, number>;
        messengers: Record<string, string>;
      };
    }

    async function pollingProcess(): Promise<number> {
      const { pid } = await database.db
        .selectFrom('lease')
        .innerJoin('process', 'process.id', 'lease.process_id')
        .select('process.pid')
        .where('name', '=', 'receive:telegram')
        .executeTakeFirstOrThrow();
      return pid;
    }

    /** A page of the console that stays open, signed in as the administrator. */
    async function openPage(topic: string) {
      const link = /Sign in:\s+(\S+)/.exec(wici.said)?.[1] ?? '';
      const headers = { origin: new URL(link).origin };
      const signedIn = await fetch(link, { method: 'POST', headers, redirect: 'manual' });
      const cookie = signedIn.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      const leaving = new AbortController();
      const { body } = await fetch(`${wici.url}/live?topics=${topic}`, {
        headers: { cookie },
        signal: leaving.signal,
      });
      let said = '';
      void (async () => {
        for await (const chunk of body ?? []) said += Buffer.from(chunk).toString();
      })().catch(() => undefined);
      return { heard: () => said.match(/event: changed/g) ?? [], close: () => leaving.abort() };
    }
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
