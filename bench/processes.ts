import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../runtime/database.ts';
import { findRedisProgram } from '../runtime/queue/private-redis.ts';
import { settleAddresses } from '../tests/reliability/wici.ts';
import { startPostgres } from '../tests/setup/postgres.mjs';
import { Child } from './child.ts';
import { type Findings, figure, median } from './figures.ts';
import type { BenchOptions } from './main.ts';
import { Telegram } from './telegram.ts';
import { until } from './until.ts';
import { addresses, benchSecret, freePort, Wici } from './wici.ts';

const apiToken = 'bench-api-token';
const safe = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', autovacuum: 'on' };

interface Contender {
  /** Messages a second. */
  run(): Promise<number>;
  end(): Promise<void>;
}

/** 1 once more: one, two and four workers on PostgreSQL and Redis, beside the one process on SQLite. */
export async function processes(options: BenchOptions): Promise<Findings> {
  const many = options.quick ? 1000 : 10_000;
  const rounds = options.quick ? 1 : 3;
  const telegram = await Telegram.start();
  const names = [1, 2, 4].map(
    (n) => `PostgreSQL, ${n} worker${n > 1 ? 's' : ''} (and one process for the rest)`,
  );
  const rates = new Map<string, number[]>();
  // One after another in each round: idle ones would still beat.
  for (let round = 1; round <= rounds; round++) {
    for (const [name, open] of [
      ['SQLite, one process', () => onSqlite(telegram, many)] as const,
      ...[1, 2, 4].map((n, i) => [names[i] ?? '', () => onPostgres(telegram, many, n)] as const),
    ]) {
      const contender = await open();
      await contender.run();
      const rate = await contender.run();
      await contender.end();
      rates.set(name, [...(rates.get(name) ?? []), rate]);
      options.say(`${name}: ${figure(rate)}/s`);
    }
  }
  await telegram.end();
  return {
    title: `7. Several processes, limit lifted: ${many.toLocaleString('en')} messages`,
    tables: [
      {
        head: ['how', 'messages/s'],
        rows: [...rates].map(([name, all]) => [name, figure(median(all))]),
      },
    ],
    goals: [],
    notes: [
      `${rounds} rounds, each after one broadcast to warm up; every commit synced on both databases. All processes, PostgreSQL, Redis and the stand-in share this machine's processors.`,
    ],
  };
}

async function onSqlite(telegram: Telegram, many: number): Promise<Contender> {
  const program = new Wici();
  await program.settle(addresses('telegram', many));
  await program.start({
    variables: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
    telegram: { messagesPerSecond: 0 },
  });
  const run = () =>
    timed(telegram, many, async () => {
      const id = await program.announce();
      return () => program.accepted(id, many);
    });
  return { run, end: () => program.end() };
}

async function onPostgres(telegram: Telegram, many: number, workers: number): Promise<Contender> {
  const program = findRedisProgram();
  if (!program) throw new Error('no redis-server on this machine: apt-get install redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'wici-bench-'));
  const postgres = await startPostgres(safe);
  const redisPort = await freePort();
  const redis = spawn(program, ['--port', String(redisPort), '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  const port = await freePort();
  const variables = {
    WICI_DATA: folder,
    WICI_API_TOKEN: apiToken,
    WICI_SECRET: benchSecret,
    WICI_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: 'error',
    DATABASE_URL: postgres.url,
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
  };
  await settleAddresses({ dataFolder: folder, variables }, addresses('telegram', many));
  const start = (roles: string, own: string) =>
    Child.start('contenders/wici.mjs', {
      argument: {
        variables: { ...variables, WICI_ROLES: roles, PORT: own },
        telegram: { messagesPerSecond: 0 },
      },
    });
  const children = [await start('console,bots', String(port))];
  for (let n = 0; n < workers; n++) children.push(await start('jobs', '0'));
  const database = openDatabase(postgres.url);
  const accepted = async (id: string) => {
    const { n } = await database.db
      .selectFrom('delivery')
      .select((e) => e.fn.countAll<number>().as('n'))
      .where('subject_id', '=', id)
      .where('status', '=', 'accepted')
      .executeTakeFirstOrThrow();
    return Number(n);
  };
  const run = () =>
    timed(telegram, many, async () => {
      const response = await fetch(`${variables.WICI_URL}/api/v1/announcements`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          title: { pl: 'Przegląd instalacji', en: 'Inspection of the installations' },
          text: { pl: 'Przegląd odbędzie się w środę.', en: 'The inspection is on Wednesday.' },
          confirm: true,
          replies: true,
          urgent: true,
        }),
      });
      const { id } = (await response.json()) as { id: string };
      return () => until(async () => (await accepted(id)) === many, 600_000, 'all outcomes', 20);
    });
  const end = async () => {
    for (const child of children) {
      await child.ask('stop');
      await child.end();
    }
    await database.close();
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { run, end };
}

/** From the call that makes the announcement to the last outcome in the database. */
async function timed(
  telegram: Telegram,
  many: number,
  announce: () => Promise<() => Promise<void>>,
): Promise<number> {
  await telegram.forget();
  await telegram.reset();
  const started = performance.now();
  const settled = await announce();
  await settled();
  const seconds = (performance.now() - started) / 1000;
  const perChat = await telegram.perChat();
  if (perChat.length !== many || perChat.some((n) => n !== 1)) throw new Error('not everybody got it once');
  return many / seconds;
}
