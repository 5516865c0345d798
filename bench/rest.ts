import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../runtime/paths.ts';
import { type Findings, figure, median, percent } from './figures.ts';
import type { BenchOptions } from './main.ts';
import { Telegram } from './telegram.ts';

interface Program {
  readonly name: string;
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Run {
  /** Milliseconds from `node` to the first message sent. */
  readonly startMs: number;
  /** Bytes. */
  readonly memory: number;
  /** Share of one core. */
  readonly cpu: number;
}

/** 6. From `node` to the first answer, and what is used when nothing happens. */
export async function rest({ quick, say }: BenchOptions): Promise<Findings> {
  const [rounds, idleMs] = quick ? [1, 2000] : [3, 10_000];
  const telegram = await Telegram.start();
  const folder = mkdtempSync(join(tmpdir(), 'wici-bench-'));
  const address = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url };
  const programs: Program[] = [
    { name: 'telegraf', file: 'bench/contenders/telegraf-polling.mjs', variables: address },
    { name: 'Wici', file: 'dist/runtime/wici.js', variables: { ...address, PORT: '0', WICI_DATA: folder } },
  ];
  const runs = programs.map((): Run[] => []);
  // The first start makes the database.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, program] of programs.entries()) {
      const run = await runOnce(telegram, program, round === 0 ? 0 : idleMs);
      if (round > 0) runs[i]?.push(run);
      say(`${program.name}: first answer after ${figure(run.startMs)} ms`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  await telegram.end();
  return {
    title: '6. Start and rest',
    tables: [
      {
        head: ['', 'ms to the first answer', 'idle memory, MB', 'idle CPU of one core'],
        rows: programs.map(({ name }, i) => {
          const own = runs[i] ?? [];
          return [
            name,
            figure(median(own.map((r) => r.startMs))),
            figure(median(own.map((r) => r.memory)) / 1024 ** 2),
            percent(median(own.map((r) => r.cpu))),
          ];
        }),
      },
    ],
    goals: [],
    notes: [
      `${rounds} starts on a database that exists; somebody wrote before, and the program asks for it by long polling.`,
      `Idle: ${idleMs / 1000} seconds, its private Redis included for Wici.`,
    ],
  };
}

async function runOnce(telegram: Telegram, { file, variables }: Program, idleMs: number): Promise<Run> {
  const answered = telegram.say(1, '/start');
  const started = Date.now();
  const child = spawn(process.execPath, [join(projectRoot, file), 'start'], {
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'error', ...variables },
    stdio: 'ignore',
  });
  const startMs = (await answered) - started;
  await wait(idleMs / 5);
  const pids = [child.pid ?? 0, ...queueOf(variables.WICI_DATA)];
  const before = cpuMs(pids);
  await wait(idleMs);
  const cpu = idleMs === 0 ? 0 : (cpuMs(pids) - before) / idleMs;
  const memory = pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  return { startMs, memory, cpu };
}

function queueOf(folder: string | undefined): number[] {
  if (folder === undefined) return [];
  try {
    return [Number(readFileSync(join(folder, 'queue', 'redis.pid'), 'utf8'))];
  } catch {
    return [];
  }
}

/** As the kernel of Linux tells it; 0 elsewhere. */
function cpuMs(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return ticks.reduce((sum, n) => sum + n, 0) * 10;
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
