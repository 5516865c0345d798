import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Config, readConfig } from '../../runtime/config.ts';
import { findQueue } from '../../runtime/queue/find-queue.ts';
import { findRedisProgram, openPrivateRedis } from '../../runtime/queue/private-redis.ts';
import type { QueueServer } from '../../runtime/queue/queue-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const program = findRedisProgram();
const withRedis = describe.skipIf(program === null);

withRedis('The private queue server', () => {
  it('answers only over a socket only its owner reaches, keeps jobs on disk and drops none', async () => {
    const folder = tempFolder();
    await opened(folder);
    const socket = join(folder, 'queue', 'redis.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    const redis = client(socket);
    expect(await redis.config('GET', 'port')).toEqual(['port', '0']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  });

  it('is gone once it is closed', async () => {
    const folder = tempFolder();
    const server = await opened(folder);
    const pid = pidOf(folder);
    await server.close();
    await until(() => !alive(pid));
  });

  it('ends by itself when its owner is killed', async () => {
    const folder = tempFolder();
    const owner = spawn(process.execPath, ['-e', ownerOf(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await until(() => fileThere(join(folder, 'queue', 'redis.pid')));
    const pid = pidOf(folder);
    owner.kill('SIGKILL');
    await until(() => !alive(pid));
  });

  it('of a process that left it behind is ended first: its own watcher may be about to', async () => {
    const folder = tempFolder();
    const queue = join(folder, 'queue');
    mkdirSync(queue, { mode: 0o700 });
    const left = spawn(
      String(program),
      ['--port', '0', '--unixsocket', join(queue, 'redis.sock'), '--dir', queue],
      {
        stdio: 'ignore',
      },
    );
    onTestFinished(() => void left.kill('SIGKILL'));
    await until(() => fileThere(join(queue, 'redis.sock')));
    const server = await opened(folder);
    await until(() => left.exitCode !== null || left.signalCode !== null);
    expect(pidOf(folder)).not.toBe(left.pid);
    expect(await client(join(queue, 'redis.sock')).ping()).toBe('PONG');
    await server.close();
  });

  it('of a process killed a moment ago is waited for, however long it takes to end', async () => {
    const folder = tempFolder();
    const owner = spawn(process.execPath, ['-e', ownerOf(folder)], { stdio: 'ignore' });
    const socket = join(folder, 'queue', 'redis.sock');
    await until(() => fileThere(socket));
    const left = pidOf(folder);
    // It neither answers nor ends until it runs on, and then removes what stands at its address.
    process.kill(left, 'SIGSTOP');
    owner.kill('SIGKILL');
    setTimeout(() => process.kill(left, 'SIGCONT'), 500);
    const server = await opened(folder);
    expect(alive(left)).toBe(false);
    expect(await client(socket).ping()).toBe('PONG');
    await server.close();
  });

  it('comes back when somebody kills it', async () => {
    const folder = tempFolder();
    await opened(folder);
    const first = pidOf(folder);
    process.kill(first, 'SIGKILL');
    await until(() => fileThere(join(folder, 'queue', 'redis.pid')) && pidOf(folder) !== first);
    await until(async () => (await client(join(folder, 'queue', 'redis.sock')).ping()) === 'PONG');
  });

  it('finds a shorter place for its socket when the data folder lies deep', async () => {
    const folder = join(tempFolder(), 'a'.repeat(60), 'b'.repeat(60));
    mkdirSync(folder, { recursive: true });
    const server = await opened(folder);
    if (server.connection.kind !== 'redis') throw new Error('not Redis');
    const redis = server.connection.consumer();
    onTestFinished(() => redis.disconnect());
    expect(await redis.ping()).toBe('PONG');
  });
});

withRedis('REDIS_URL', () => {
  it('is used when it is set', async () => {
    const { url } = await openRedis();
    const server = await findQueue({ ...config(), redisUrl: url }, () => undefined);
    expect(server.kind).toBe('redis');
    expect(server.describe).toContain('REDIS_URL');
  });

  it('is refused with its cure when the server may drop jobs', async () => {
    const { url } = await openRedis('--maxmemory-policy', 'allkeys-lru');
    const refused = findQueue({ ...config(), redisUrl: url }, () => undefined);
    await expect(refused).rejects.toThrow(/allkeys-lru.*config set maxmemory-policy noeviction/);
  });

  it('is refused in one line when nobody answers or the password is wrong, without telling the password', async () => {
    const nobody = findQueue({ ...config(), redisUrl: 'redis://:hunter22@127.0.0.1:1' }, () => undefined);
    await expect(nobody).rejects.toThrow(/^REDIS_URL: the server at 127\.0\.0\.1:1 does not answer/);
    const { url } = await openRedis('--requirepass', 'right');
    const wrong = findQueue({ ...config(), redisUrl: url.replace('//', '//:hunter22@') }, () => undefined);
    const error = await wrong.catch((e: Error) => e);
    expect(String(error)).toContain(
      'refuses the password: write redis://:password@host:port with the right one',
    );
    expect(String(error)).not.toContain('hunter22');
  });
});

describe('Without any Redis', () => {
  it('the queue is inside the process, and says so', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    onTestFinished(() => {
      process.env.PATH = path;
    });
    const server = await findQueue(config(), () => undefined);
    onTestFinished(() => server.close());
    expect(server.kind).toBe('embedded');
    expect(server.describe).toContain('inside Wici');
  }, 60_000);
});

function config(): Config {
  return { ...readConfig({}), dataFolder: tempFolder() };
}

async function opened(folder: string): Promise<QueueServer> {
  const server = await openPrivateRedis(String(program), folder);
  onTestFinished(() => server.close());
  return server;
}

async function openRedis(...options: string[]): Promise<{ url: string }> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = spawn(
    String(program),
    ['--port', String(port), '--save', '', '--dir', tempFolder(), ...options],
    {
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void server.kill('SIGKILL'));
  const probe = new Redis({ port, lazyConnect: false, retryStrategy: () => 50 });
  probe.on('error', () => undefined);
  await until(() => probe.status === 'ready' || probe.status === 'connect');
  probe.disconnect();
  return { url: `redis://127.0.0.1:${port}` };
}

function client(path: string): Redis {
  const redis = new Redis({ path, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Runs the shell wrapper as the program does, then holds it until killed. */
function ownerOf(folder: string): string {
  return `import(${JSON.stringify(new URL('../../dist/runtime/queue/private-redis.js', import.meta.url).href)})
    .then((m) => m.openPrivateRedis(${JSON.stringify(program)}, ${JSON.stringify(folder)}))
    .then(() => setInterval(() => undefined, 1000));`;
}

function pidOf(folder: string): number {
  return Number(readFileSync(join(folder, 'queue', 'redis.pid'), 'utf8'));
}

function fileThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
