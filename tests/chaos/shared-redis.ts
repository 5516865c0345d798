import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { findRedisProgram } from '../../runtime/queue/private-redis.ts';
import { until } from '../support/until.ts';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The Redis of several processes: none of them starts or ends it. */
export class SharedRedis {
  readonly port: number;
  #server: ChildProcess;

  private constructor(port: number) {
    this.port = port;
    this.#server = this.#launch();
  }

  /** Null where no Redis is installed. */
  static async start(): Promise<SharedRedis | null> {
    if (!findRedisProgram()) return null;
    const redis = new SharedRedis(await freePort());
    await redis.#answers();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number | null {
    return this.#server.pid ?? null;
  }

  /** Kills it, and starts an empty one after `ms`. */
  async replace(ms: number): Promise<void> {
    await this.end();
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#server = this.#launch();
    await this.#answers();
  }

  kill(): void {
    this.#server.kill('SIGKILL');
  }

  async end(): Promise<void> {
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const gone = once(this.#server, 'exit');
    this.kill();
    await gone;
  }

  #launch(): ChildProcess {
    return spawn(
      String(findRedisProgram()),
      ['--port', String(this.port), '--save', '', '--bind', '127.0.0.1'],
      {
        stdio: 'ignore',
      },
    );
  }

  async #answers(): Promise<void> {
    const client = new Redis(this.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await until(async () => (await client.ping()) === 'PONG', 20_000, 'a started Redis').finally(() =>
      client.disconnect(),
    );
  }
}
