import { appendFileSync } from 'node:fs';
import { postgresFolder } from '../setup/parts.mjs';
import { startPostgres } from '../setup/postgres.mjs';
import { starts } from './clock.ts';
import type { PostgresServer } from './database.ts';
import { Random } from './random.ts';
import { playRounds, type RoundResult } from './round.ts';
import { SwiftStage } from './swift.ts';
import { World, type WorldOptions } from './world.ts';

/** Worlds so large: a few rounds on the same data, in the same processes unless a fault ends them. */
const roundsPerWorld = 5;

interface Options {
  readonly rounds: number;
  readonly seed: number;
  readonly lanes: number;
  /** The core alone, in a time of its own, instead of the built program. */
  readonly swift?: boolean;
  /** Every world is of several processes with roles, where PostgreSQL and Redis are installed. */
  readonly several?: boolean;
  /** Messengers may be away for an hour of the program's time, which is six minutes of ours. */
  readonly long?: boolean;
  /** Lines of what was found, beside the printed ones. */
  readonly log?: string | undefined;
}

interface Totals {
  rounds: number;
  readonly where: Map<Where, number>;
  readonly faults: Map<string, number>;
  readonly violations: string[];
}

export async function main(given: readonly string[], print: (line: string) => void): Promise<number> {
  const totals = await chaos(readOptions(given), print);
  const where = [...totals.where].map(([way, many]) => `, ${many} ${way}`);
  print(`Rounds ${totals.rounds}${where.join('')}.`);
  const struck = [...totals.faults].sort(([a], [b]) => a.localeCompare(b));
  for (const [name, many] of struck) print(`${String(many).padStart(6)}  ${name}`);
  print(`${String([...totals.faults.values()].reduce((a, b) => a + b, 0)).padStart(6)}  faults in all`);
  print(`Violations: ${totals.violations.length}`);
  for (const line of totals.violations) print(`  ${line}`);
  return totals.violations.length > 0 ? 1 : 0;
}

function readOptions(given: readonly string[]): Options {
  const set = new Map(given.map((argument) => argument.replace(/^--/, '').split('=', 2) as [string, string]));
  return {
    rounds: Number(set.get('rounds') ?? 25),
    seed: Number(set.get('seed') ?? Date.now() % 1_000_000),
    lanes: Number(set.get('lanes') ?? 2),
    swift: set.has('swift'),
    several: set.has('several'),
    long: set.has('long'),
    log: set.get('log'),
  };
}

/** Plays worlds of five rounds until all are played, `lanes` side by side. */
export async function chaos(
  { rounds, seed, lanes, swift = false, several = false, long = false, log }: Options,
  print: (line: string) => void,
): Promise<Totals> {
  const worlds = Math.ceil(rounds / roundsPerWorld);
  const totals: Totals = { rounds: 0, where: new Map(), faults: new Map(), violations: [] };
  print(
    `Seeds ${seed} to ${seed + worlds - 1}. To repeat one: npm run chaos -- --rounds=${roundsPerWorld} --seed=<seed>${swift ? ' --swift' : ''}${several ? ' --several' : ''}${long ? ' --long' : ''}`,
  );
  let next = 0;
  const stop = () => {
    next = worlds;
    print('Stopping: the rounds under way are finished.');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const tell = (line: string) => {
    print(line);
    if (log) appendFileSync(log, `${line}\n`);
  };
  const lane = async () => {
    const server = new LazyServer();
    while (next < worlds) {
      const own = seed + next++;
      const many = Math.min(roundsPerWorld, rounds - totals.rounds);
      const told = report(own, totals, tell);
      await (swift
        ? playSwift(own, many, told)
        : playWhole(own, many, server, { several, long }, told)
      ).catch((error: unknown) => told(0, { faults: [], violations: [messageOf(error)] }, []));
    }
    server.stop();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, worlds) }, lane));
  return totals;
}

/** PostgreSQL, started when a world first asks for it. */
class LazyServer {
  #server: PostgresServer | null = null;

  async get(): Promise<PostgresServer | null> {
    if (!this.#server && postgresFolder()) {
      this.#server = await startPostgres();
      process.once('exit', () => this.stop());
    }
    return this.#server;
  }

  stop(): void {
    this.#server?.stop();
    this.#server = null;
  }
}

/** What is particular to a world. */
type Where = 'on PostgreSQL' | 'called by messengers' | 'without Redis';
type Told = (round: number, result: RoundResult, where: readonly Where[]) => void;

function report(seed: number, totals: Totals, print: (line: string) => void): Told {
  const began = Date.now();
  return (round, { faults, violations }, where) => {
    if (round > 0) totals.rounds += 1;
    for (const way of where) totals.where.set(way, (totals.where.get(way) ?? 0) + 1);
    for (const fault of faults) totals.faults.set(fault, (totals.faults.get(fault) ?? 0) + 1);
    for (const violation of violations) totals.violations.push(`seed ${seed} round ${round}: ${violation}`);
    const which = `seed ${seed} round ${round}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
    const verdict = violations.length === 0 ? 'ok' : `VIOLATED ${violations.join(' | ')}`;
    print(`${((Date.now() - began) / 1000).toFixed(1)} s  ${which}: ${faults.join(', ')}: ${verdict}`);
  };
}

async function playWhole(
  seed: number,
  rounds: number,
  server: LazyServer,
  options: WorldOptions,
  told: Told,
): Promise<void> {
  const random = new Random(seed);
  const postgres = random.chance(0.25) || options.several ? await server.get() : null;
  const world = await World.open(random, postgres, options);
  const { called, embedded } = world.ways;
  const where: Where[] = [
    ...(postgres ? ['on PostgreSQL' as const] : []),
    ...(called ? ['called by messengers' as const] : []),
    ...(embedded ? ['without Redis' as const] : []),
  ];
  try {
    await playRounds(world, random, rounds, (round, result) => told(round, result, where));
  } finally {
    await world.close();
  }
}

async function playSwift(seed: number, rounds: number, told: Told): Promise<void> {
  const random = new Random(seed);
  const stage = await SwiftStage.open(random, random.pick(starts));
  try {
    await stage.time.until(playRounds(stage, random, rounds, (round, result) => told(round, result, [])));
  } finally {
    await stage.close();
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'a fault of the test itself');
