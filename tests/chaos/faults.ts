import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { speed } from './clock.ts';
import { cutConnections, setReadOnly } from './database.ts';
import type { Fault } from './fault.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const run = promisify(execFile);

interface WorldFault {
  readonly name: string;
  /** Whether this world can be harmed that way. */
  fits(world: World): boolean;
  strike(world: World, random: Random): Promise<void>;
}

const always = () => true;
const onSqlite = (world: World) => world.database.url === null;
const onPostgres = (world: World) => world.postgres !== null;
const shared = (world: World) => world.redis !== null;
const withRedis = (world: World) => !world.ways.embedded;
const asking = (world: World) => !world.ways.called;
const single = (world: World) => world.redis === null;
const asRoot = () => process.getuid?.() === 0;

const redisPid = ({ folder, redis }: World): number | null => {
  if (redis) return redis.pid;
  try {
    return Number(readFileSync(join(folder, 'queue', 'redis.pid'), 'utf8')) || null;
  } catch {
    return null;
  }
};

function signal(pid: number | null, name: NodeJS.Signals): void {
  if (pid === null) return;
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

async function redis(world: World, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const path = join(world.folder, 'queue', 'redis.sock');
  if (!world.redis && !existsSync(path)) return;
  const where = world.redis ? { host: '127.0.0.1', port: world.redis.port } : { path };
  const client = new Redis({ ...where, lazyConnect: true, retryStrategy: () => null, commandTimeout: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } catch {
    // Another fault was faster.
  } finally {
    client.disconnect();
  }
}

/** Stops the process for a while, as a machine does that swaps. */
async function stall(pid: number | null, ms: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  await wait(ms);
  signal(pid, 'SIGCONT');
}

/** Ends a process with the signal; another takes its place a little later. */
async function replace(world: World, place: number, name: NodeJS.Signals, ms: number): Promise<void> {
  await world.crew[place]?.end(name);
  await wait(ms);
  world.start(place);
}

const placeOf = (world: World, roles: string, random: Random) =>
  random.pick(world.crew.flatMap((program, place) => (program.roles === roles ? [place] : [])));

const ofSeveral: readonly WorldFault[] = ['console', 'bots', 'jobs'].flatMap((roles): WorldFault[] => [
  {
    name: `a process for ${roles} killed`,
    fits: shared,
    strike: (world, random) =>
      replace(world, placeOf(world, roles, random), 'SIGKILL', random.between(0, 1500)),
  },
  {
    name: `a process for ${roles} stopped and started`,
    fits: shared,
    strike: (world, random) =>
      replace(world, placeOf(world, roles, random), 'SIGTERM', random.between(0, 1500)),
  },
  {
    name: `a process for ${roles} stalled`,
    fits: shared,
    strike: (world, random) =>
      stall(world.crew[placeOf(world, roles, random)]?.pid ?? null, random.between(200, 1500)),
  },
]);

const processes: readonly WorldFault[] = [
  {
    name: 'the program killed',
    fits: single,
    strike: (world, random) => replace(world, 0, 'SIGKILL', random.between(0, 300)),
  },
  {
    name: 'the program stopped and started',
    fits: single,
    strike: (world) => replace(world, 0, 'SIGTERM', 0),
  },
  {
    name: 'the program stalled',
    fits: single,
    strike: (world, random) => stall(world.program.pid, random.between(200, 1200)),
  },
  ...ofSeveral,
  {
    name: 'a second copy started on the same data',
    fits: single,
    strike: async (world) => {
      await world.program.settled().catch(() => undefined);
      const first = world.program;
      const second = world.launch('');
      await second.settled();
      // A fault may have ended the first one: then the second has every right to run, but not beside the next.
      if (second.started && !first.ended && world.program === first)
        world.broken.push('two copies run on one data folder');
      await second.end('SIGKILL');
    },
  },
];

const queues: readonly WorldFault[] = [
  {
    name: 'Redis killed',
    fits: withRedis,
    strike: async (world, random) =>
      world.redis ? world.redis.replace(random.between(0, 1500)) : signal(redisPid(world), 'SIGKILL'),
  },
  { name: 'Redis emptied', fits: withRedis, strike: (world) => redis(world, (client) => client.flushall()) },
  {
    name: 'Redis stalled',
    fits: withRedis,
    strike: (world, random) => stall(redisPid(world), random.between(200, 1500)),
  },
  {
    name: 'Redis read-only',
    fits: withRedis,
    strike: async (world, random) => {
      await redis(world, (client) => client.replicaof('127.0.0.1', '1'));
      await wait(random.between(200, 1200));
      await redis(world, (client) => client.replicaof('NO', 'ONE'));
    },
  },
];

/** No file of the program may grow. */
async function limitFiles(pid: number, size: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${size}:unlimited`]).catch(() => undefined);
}

async function immutable(world: World, on: boolean): Promise<void> {
  const files = ['wici.db', 'wici.db-wal']
    .map((name) => join(world.folder, name))
    .filter((f) => existsSync(f));
  await run('chattr', [on ? '+i' : '-i', ...files]).catch(() => undefined);
}

const databases: readonly WorldFault[] = [
  {
    name: 'the database locked',
    fits: always,
    strike: (world, random) => world.database.lock(random.chance(0.1) ? 5600 : random.between(100, 900)),
  },
  {
    name: 'no file may grow',
    fits: (world) => onSqlite(world) && process.platform === 'linux',
    strike: async (world, random) => {
      const { pid } = world.program;
      await limitFiles(pid, '0');
      await wait(random.between(200, 900));
      await limitFiles(pid, 'unlimited');
    },
  },
  {
    name: 'the disk full',
    fits: (world) => world.ownDisk,
    strike: async (world, random) => {
      const ballast = join(world.folder, 'ballast');
      const { bavail, bsize } = statfsSync(world.folder);
      try {
        writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      } catch {
        // As full as it gets.
      }
      await wait(random.between(200, 900));
      rmSync(ballast, { force: true });
    },
  },
  {
    name: 'the database file read-only',
    fits: (world) => onSqlite(world) && asRoot() && !world.ownDisk,
    strike: async (world, random) => {
      await immutable(world, true);
      await wait(random.between(200, 900));
      await immutable(world, false);
    },
  },
  {
    name: 'PostgreSQL restarted',
    fits: onPostgres,
    strike: async (world) => world.postgres?.restart(),
  },
  {
    name: 'PostgreSQL read-only',
    fits: onPostgres,
    strike: async (world, random) => {
      await setReadOnly(world.database, true).catch(() => undefined);
      await wait(random.between(200, 900));
      await setReadOnly(world.database, false);
    },
  },
  {
    name: 'PostgreSQL connections cut',
    fits: onPostgres,
    strike: (world) => cutConnections(world.database).catch(() => undefined),
  },
];

const hourMs = 3_600_000;

const clocks: readonly WorldFault[] = [
  {
    name: 'the clock an hour ahead',
    fits: always,
    strike: async (world, random) => {
      world.clock.setWrong(hourMs);
      await wait(random.between(300, 1500));
      world.clock.setWrong(0);
    },
  },
  {
    name: 'the clock an hour behind',
    fits: always,
    strike: async (world, random) => {
      world.clock.setWrong(-hourMs);
      await wait(random.between(300, 1500));
      world.clock.setWrong(0);
    },
  },
  {
    name: 'the clock running backwards',
    fits: always,
    strike: async (world, random) => {
      for (let step = 1; step <= 10; step++) {
        world.clock.setWrong(-step * random.between(1000, 20_000));
        await wait(60);
      }
      world.clock.setWrong(0);
    },
  },
];

type Kind = 'wait' | 'fault' | 'page' | 'reset' | 'late reset' | 'silence' | 'late silence' | 'truncated';
const kinds: readonly Kind[] = [
  'wait',
  'fault',
  'page',
  'reset',
  'late reset',
  'silence',
  'late silence',
  'truncated',
];

/** The next calls of each messenger go wrong. */
function misbehave(world: World, kind: Kind, times: number, seconds: number): void {
  const { telegram, slack, discord } = world.messengers;
  const shape = shapeOf(kind);
  const methods = ['sendMessage', 'sendPhoto', 'editMessageText', 'getUpdates'] as const;
  for (const method of methods) {
    if (kind === 'wait') {
      const parameters = { retry_after: seconds };
      const description = `Too Many Requests: retry after ${seconds}`;
      telegram.fail(method, { kind: 'error', code: 429, description, parameters }, times);
    } else if (kind === 'fault')
      telegram.fail(method, { kind: 'error', code: 500, description: 'Internal Server Error' }, times);
    else if (shape) telegram.fail(method, shape, times);
  }
  for (const method of ['chat.postMessage', 'chat.update'] as const) {
    if (kind === 'wait') slack.fail(method, { kind: 'rateLimited', retryAfter: seconds }, times);
    else if (kind === 'fault') slack.fail(method, { kind: 'error', error: 'internal_error' }, times);
    else if (shape) slack.fail(method, shape, times);
  }
  for (const call of ['postMessage', 'editMessage'] as const) {
    if (kind === 'wait') discord.fail(call, { kind: 'limit', retryAfter: seconds, scope: 'user' }, times);
    else if (kind === 'fault')
      discord.fail(call, { kind: 'error', status: 500, code: 0, message: 'Internal Server Error' }, times);
    else if (shape) discord.fail(call, shape, times);
  }
}

function shapeOf(kind: Kind) {
  switch (kind) {
    case 'page':
      return { kind: 'page', status: 502 } as const;
    case 'reset':
    case 'late reset':
      return { kind: 'reset', accepted: kind === 'late reset' } as const;
    case 'silence':
    case 'late silence':
      return { kind: 'silence', accepted: kind === 'late silence' } as const;
    case 'truncated':
      return { kind: 'truncated' } as const;
    default:
      return null;
  }
}

/** No messenger can be reached for so long, real. */
async function hangUp({ messengers }: World, ms: number): Promise<void> {
  const servers = Object.values(messengers).map((server) => ({ server, port: server.port }));
  await Promise.all(servers.map(({ server }) => server.hangUp()));
  await wait(ms);
  await Promise.all(servers.map(({ server, port }) => server.listen(port)));
}

const said: Readonly<Record<Kind, string>> = {
  wait: 'messengers ask to wait (429)',
  fault: 'messengers answer 500',
  page: 'messengers answer an error page (502)',
  reset: 'connections to messengers reset before the call',
  'late reset': 'connections to messengers reset after the call',
  silence: 'messengers do not answer',
  'late silence': 'messengers take it and do not answer',
  truncated: 'messengers answer half of the JSON',
};

const platforms: readonly WorldFault[] = [
  ...kinds.map(
    (kind): WorldFault => ({
      name: said[kind],
      fits: always,
      strike: async (world, random) =>
        // Several processes keep such a wait by the clock of their Redis, which runs no faster than ours.
        misbehave(
          world,
          kind,
          random.between(1, 4),
          random.chance(0.1) && single(world) ? 60 : random.between(1, 15),
        ),
    }),
  ),
  {
    name: 'messengers away',
    fits: always,
    strike: (world, random) => hangUp(world, random.between(300, 4000)),
  },
  {
    name: 'messengers away for an hour',
    fits: (world) => world.ways.long,
    strike: (world) => hangUp(world, hourMs / speed),
  },
  {
    name: 'updates duplicated and reordered',
    fits: always,
    strike: async (world, random) => {
      world.repeating = true;
      await wait(random.between(500, 1500));
      world.repeating = false;
    },
  },
  {
    name: 'Telegram refuses a second reader (409)',
    fits: asking,
    strike: async ({ messengers: { telegram } }, random) => {
      const description = 'Conflict: terminated by other getUpdates request';
      telegram.fail('getUpdates', { kind: 'error', code: 409, description }, random.between(1, 3));
    },
  },
  {
    name: 'Slack’s socket cut',
    fits: asking,
    strike: async ({ messengers: { slack } }) => {
      for (const socket of slack.socket.sockets) socket.cut();
    },
  },
  {
    name: 'Slack asks to connect anew',
    fits: asking,
    strike: async ({ messengers: { slack } }, random) => {
      slack.socket.raw({ type: 'disconnect', reason: random.pick(['warning', 'refresh_requested']) });
      await wait(random.between(50, 400));
      for (const socket of slack.socket.sockets) socket.close();
    },
  },
  {
    name: 'Discord’s gateway closes',
    fits: always,
    strike: async ({ messengers: { discord } }, random) =>
      discord.gateway.close(random.pick([1000, 1001, 4000, 4001, 4002, 4005, 4007, 4008, 4009])),
  },
  {
    name: 'Discord’s gateway cut, reconnected or forgotten',
    fits: always,
    strike: async ({ messengers: { discord } }, random) => {
      const step = random.pick(['drop', 'reconnect', 'invalidate', 'forget'] as const);
      discord.gateway[step]();
    },
  },
];

const groups = [processes, queues, databases, clocks, platforms, platforms];

/** What this world can be harmed with. */
export function faultsOf(world: World): Fault[][] {
  const fitting = groups.map((group) => group.filter((fault) => fault.fits(world)));
  return fitting
    .filter((group) => group.length > 0)
    .map((group) => group.map(({ name, strike }) => ({ name, strike: (random) => strike(world, random) })));
}
