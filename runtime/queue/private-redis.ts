import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { QueueServer } from './queue-server.ts';
import { checkRedis, redisConnection } from './redis-connection.ts';

const programs = ['redis-server', 'valkey-server'];

/** Unix socket addresses are cut off at 104 bytes on some systems, 108 on others. */
const longestSocketPath = 100;

/** A busy machine needs seconds to start it; whoever passes it over for that starts something slower still. */
const startMs = 20_000;
/** One that ends so often before it answers does not run here. */
const falseStarts = 3;

/**
 * Runs the server and ends it as soon as our end of its standard input closes, which happens however we die: no server
 * is left behind. It is a session of its own, so that Ctrl-C in the terminal reaches us first and we stop it last.
 * The server's number is written whole, at its birth, and stays: the server itself writes it late and removes it early.
 */
const watched = `
exec 3<&0
note=$1
shift
"$@" </dev/null 3<&- &
server=$!
echo "$server" >"$note.new" && mv "$note.new" "$note"
{ read -r _; kill -TERM "$server" 2>/dev/null; } <&3 &
wait "$server"
`;

/** The first Redis or Valkey server on PATH, or null. */
export function findRedisProgram(path = process.env.PATH ?? ''): string | null {
  const candidates = programs.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

/** Starts a Redis that only this user reaches, over a socket in the data folder; the one of a killed process is ended first. */
export async function openPrivateRedis(program: string, dataFolder: string): Promise<QueueServer> {
  const folder = join(dataFolder, 'queue');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { socket, forget } = socketPath(folder);
  await endLeftOver(socket, folder);
  const server = new PrivateRedis(program, folder, socket);
  await server.start();
  return {
    kind: 'private',
    describe: `a private ${program.split('/').at(-1)} (${program})`,
    connection: redisConnection({ path: socket }),
    close: async () => {
      await server.stop();
      forget();
    },
  };
}

class PrivateRedis {
  readonly #program: string;
  readonly #folder: string;
  readonly #socket: string;
  #child: ChildProcess | null = null;
  #ended = 0;
  #closing = false;

  constructor(program: string, folder: string, socket: string) {
    this.#program = program;
    this.#folder = folder;
    this.#socket = socket;
  }

  async start(): Promise<void> {
    this.#spawn();
    const end = performance.now() + startMs;
    while (performance.now() < end && this.#ended < falseStarts) {
      if (await answers(this.#socket)) {
        await checkRedis({ path: this.#socket });
        return;
      }
      await wait(25);
    }
    await this.stop();
    throw new Error(`${this.#program} does not answer`);
  }

  async stop(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    await Promise.race([gone, wait(3000, undefined, { ref: false })]);
  }

  #spawn(): void {
    const started = [pidFile(this.#folder), this.#program, ...this.#options()];
    const child = spawn('/bin/sh', ['-c', watched, 'wici-queue', ...started], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child = child;
    child.stdin?.on('error', () => undefined);
    child.once('error', () => undefined);
    // Somebody killed it: the bells hang again as soon as it runs, the sweep covers the time between.
    child.once('exit', () => {
      this.#child = null;
      this.#ended += 1;
      child.stdin?.destroy();
      if (!this.#closing) setTimeout(() => !this.#closing && this.#spawn(), 500).unref();
    });
  }

  #options(): string[] {
    const options = {
      port: '0',
      unixsocket: this.#socket,
      unixsocketperm: '700',
      dir: this.#folder,
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'maxmemory-policy': 'noeviction',
      logfile: join(this.#folder, 'server.log'),
      loglevel: 'warning',
      daemonize: 'no',
    };
    return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  }
}

function socketPath(folder: string): { socket: string; forget: () => void } {
  const socket = join(folder, 'redis.sock');
  if (Buffer.byteLength(socket) <= longestSocketPath) return { socket, forget: () => undefined };
  const short = mkdtempSync(join(tmpdir(), 'wici-'));
  return { socket: join(short, 'redis.sock'), forget: () => rmSync(short, { recursive: true, force: true }) };
}

/**
 * The server of a process that was killed is on its way out: taken over it would be gone a moment later, and two on the
 * same files would spoil them. It is waited for until its process is gone: the last it does is to remove the socket at this
 * address, also when that is a new server's by then.
 */
async function endLeftOver(socket: string, folder: string): Promise<void> {
  const left = notedServer(folder);
  if (await answers(socket)) await shutDown(socket);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (left === null || !serves(left, folder)) break;
    kill(left, signal);
    for (let tries = 0; tries < 40 && serves(left, folder); tries++) await wait(50);
  }
}

function notedServer(folder: string): number | null {
  try {
    return Number(readFileSync(pidFile(folder), 'utf8')) || null;
  } catch {
    return null;
  }
}

/** Whether this is a server on this folder: the number may be another program's by now, or another folder's server's. */
function serves(pid: number, folder: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (!programs.some((name) => command.includes(name))) return false;
    return command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile.
  }
}

function pidFile(folder: string): string {
  return join(folder, 'redis.pid');
}

async function answers(socket: string): Promise<boolean> {
  const redis = probe(socket);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

async function shutDown(socket: string): Promise<void> {
  const redis = probe(socket);
  try {
    await redis.connect();
    await redis.shutdown();
  } catch {
    // It closes the connection instead of answering.
  } finally {
    redis.disconnect();
  }
}

function probe(socket: string): Redis {
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 1000,
    commandTimeout: 1000,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  return redis;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
