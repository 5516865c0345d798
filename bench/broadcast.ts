import { join } from 'node:path';
import { Child } from './child.ts';
import { type Findings, figure, median, times } from './figures.ts';
import type { BenchOptions } from './main.ts';
import { Telegram } from './telegram.ts';
import { until } from './until.ts';
import { addresses, Wici } from './wici.ts';

/** Sent side by side by the peers, as in a loop over a pool of 30. */
const atOnce = 30;

/** What the others are held against. */
const measure = 'telegraf callApi';

interface Run {
  readonly perSecond: number;
  /** Microseconds of CPU a message. */
  readonly cpu: number;
  readonly queueCpu?: number;
}

interface Contender {
  readonly name: string;
  readonly stores: string;
  run(): Promise<Run>;
  end(): Promise<void>;
}

/** 1. Ten thousand deliveries with the platform's limit lifted, beside peers that store nothing. */
export async function broadcast(options: BenchOptions): Promise<Findings> {
  const many = options.quick ? 1000 : 10_000;
  const rounds = options.quick ? 1 : 3;
  const telegram = await Telegram.start();
  const contenders = [
    await peer(telegram, { name: 'undici pool (the floor)', file: 'undici', many }),
    await peer(telegram, {
      name: 'undici + SQLite (the floor of storing)',
      file: 'undici-sqlite',
      many,
      stores: 'row, token, outcome',
    }),
    await byHand(telegram, many),
    await peer(telegram, { name: measure, file: 'telegraf', many }),
    await peer(telegram, { name: 'grammY + auto-retry', file: 'grammy', many }),
    await peer(telegram, { name: 'Chat SDK', file: 'chat-sdk', many: many / 5 }),
    await wici(telegram, many, options.profile),
  ];
  const runs = contenders.map((): Run[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const run = await contender.run();
      runs[i]?.push(run);
      options.say(`${contender.name}: ${figure(run.perSecond)}/s, ${figure(run.cpu)} µs`);
    }
  }
  for (const contender of contenders) await contender.end();
  await telegram.end();
  return findings(contenders, runs, many, rounds);
}

interface Peer {
  readonly name: string;
  /** Below bench/contenders, without its ending. */
  readonly file: string;
  readonly many: number;
  readonly stores?: string;
  /** What it is told beside where the stand-in is. */
  readonly settings?: object;
}

async function peer(
  telegram: Telegram,
  { name, file, many, stores = 'nothing', settings }: Peer,
): Promise<Contender> {
  const argument = { apiUrl: telegram.url, token: telegram.token, ...settings };
  const child = await Child.start(`contenders/${file}.mjs`, { argument });
  const send = (count: number) => child.ask<{ seconds: number; cpuMs: number }>('send', { count, atOnce });
  await send(Math.min(many, 500));
  return {
    name,
    stores,
    async run() {
      await telegram.forget();
      await telegram.reset();
      const { seconds, cpuMs } = await send(many);
      await exactlyOnce(telegram, many);
      return { perSecond: many / seconds, cpu: (cpuMs * 1000) / many };
    },
    end: () => child.end(),
  };
}

/** Over a database in which the people are. */
async function byHand(telegram: Telegram, many: number): Promise<Contender> {
  const settled = new Wici();
  await settled.settle(addresses('telegram', many));
  const contender = await peer(telegram, {
    name: 'undici + SQLite by hand (the floor of what is asked)',
    file: 'by-hand',
    many,
    stores: 'delivery, token, outcome, figures',
    settings: { file: join(settled.folder, 'wici.db') },
  });
  return {
    ...contender,
    end: async () => {
      await contender.end();
      await settled.end();
    },
  };
}

async function wici(telegram: Telegram, many: number, profile: string | undefined): Promise<Contender> {
  const program = new Wici();
  await program.settle(addresses('telegram', many));
  await program.start({
    variables: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
    telegram: { messagesPerSecond: 0 },
    nodeFlags: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  });
  const run = async () => {
    await telegram.forget();
    await telegram.reset();
    await program.mark();
    const started = performance.now();
    const id = await program.announce();
    await until(async () => (await telegram.counts()).sent >= many, 120_000, 'all messages');
    await program.accepted(id, many);
    const seconds = (performance.now() - started) / 1000;
    const { cpuMs, queueCpuMs } = await program.cost();
    await exactlyOnce(telegram, many);
    return {
      perSecond: many / seconds,
      cpu: (cpuMs * 1000) / many,
      queueCpu: (queueCpuMs * 1000) / many,
    };
  };
  await run();
  return { name: 'Wici', stores: 'delivery, token, outcome', run, end: () => program.end() };
}

async function exactlyOnce(telegram: Telegram, many: number): Promise<void> {
  const perChat = await telegram.perChat();
  const { invalid, refused } = await telegram.counts();
  if (perChat.length !== many || perChat.some((n) => n !== 1) || invalid + refused > 0) {
    throw new Error(`not everybody got it once: ${perChat.length} of ${many}, ${invalid} invalid`);
  }
}

function findings(
  contenders: readonly Contender[],
  runs: readonly Run[][],
  many: number,
  rounds: number,
): Findings {
  const rate = runs.map((own) => median(own.map((r) => r.perSecond)));
  const cpu = runs.map((own) => median(own.map((r) => r.cpu)));
  const telegraf = contenders.findIndex((c) => c.name === measure);
  const own = contenders.length - 1;
  const faster = (rate[own] ?? 0) / (rate[telegraf] ?? 1);
  const dearer = (cpu[own] ?? 0) / (cpu[telegraf] ?? 1);
  const queue = median(runs[own]?.map((r) => r.queueCpu ?? 0) ?? []);
  return {
    title: `1. Broadcast, limit lifted: ${many.toLocaleString('en')} messages`,
    tables: [
      {
        head: ['contender', 'stores', 'messages/s', '× telegraf', 'CPU µs/message', '× telegraf'],
        rows: contenders.map(({ name, stores }, i) => [
          name,
          stores,
          figure(rate[i] ?? 0),
          figure((rate[i] ?? 0) / (rate[telegraf] ?? 1)),
          figure(cpu[i] ?? 0),
          figure((cpu[i] ?? 0) / (cpu[telegraf] ?? 1)),
        ]),
      },
    ],
    goals: [
      { goal: 'messages/s ≥ 1.0 × telegraf', found: times(faster), held: faster >= 1 },
      { goal: 'CPU a message ≤ 1.5 × telegraf', found: times(dearer), held: dearer <= 1.5 },
    ],
    notes: [
      'The floor of storing: the same requests and, by prepared statements, one insert, one claim and one outcome a message in the same table, every commit synced; no people, texts, pauses or counts.',
      'The floor of what is asked: the same by hand for one database, and each person found, looked up again when their message is claimed, counted, and written to in their language; no queue, limits, reminders or live pages.',
      `${rounds} interleaved rounds; the stand-in runs in a process of its own, and the floor shows what it can take.`,
      'Wici: from the API call that makes the announcement, through one row with a token for each of its people, to the last outcome in the database (SQLite, every commit synced).',
      `The private Redis that rings its bells takes ${figure(queue)} µs a message beside that.`,
    ],
  };
}
