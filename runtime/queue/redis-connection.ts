import { Redis, type RedisOptions } from 'ioredis';
import type { QueueConnection } from '../../jobs/connection.ts';
import { OperatorError } from '../operator-error.ts';

export type RedisAddress = { readonly url: string } | { readonly path: string };
type Settings = Omit<RedisOptions, 'replyMapping'>;

/** How long the first connection may take. */
const connectMs = 5000;
const oldest = 6;

export function redisConnection(address: RedisAddress): QueueConnection {
  return {
    kind: 'redis',
    producer: () => open(address, { enableOfflineQueue: false, maxRetriesPerRequest: 1 }),
    consumer: () => open(address, { maxRetriesPerRequest: null }),
  };
}

/** The same for the server of REDIS_URL; whatever is wrong with it is an OperatorError in a line, without the password. */
export async function checkGivenRedis(url: string): Promise<{ version: string }> {
  try {
    return await checkRedis({ url });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const where = `REDIS_URL: the server at ${new URL(url).host}`;
    throw new OperatorError(
      /WRONGPASS|NOAUTH/.test((error as Error).message)
        ? `${where} refuses the password: write redis://:password@host:port with the right one, or leave REDIS_URL empty.`
        : `${where} does not answer: start it or correct the address, or leave REDIS_URL empty.`,
    );
  }
}

/** Resolves when the server answers; a server that may drop jobs when its memory is full is refused. */
export async function checkRedis(address: RedisAddress): Promise<{ version: string }> {
  const redis = open(address, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: connectMs,
    commandTimeout: connectMs,
  });
  // What the server itself objected to is told by the event, not by the rejection.
  let objection: Error | undefined;
  redis.once('error', (error) => {
    objection = error;
  });
  try {
    await redis.connect();
    const info = parseInfo(await redis.info());
    const version = info.get('redis_version') ?? '0';
    if (Number.parseInt(version, 10) < oldest) {
      throw new OperatorError(`REDIS_URL: the server is Redis ${version}: use version ${oldest} or newer.`);
    }
    const policy = info.get('maxmemory_policy') ?? 'noeviction';
    if (policy !== 'noeviction') {
      throw new OperatorError(
        `REDIS_URL: the server drops jobs when its memory is full (maxmemory-policy ${policy}): ` +
          'run "redis-cli config set maxmemory-policy noeviction" and set it in redis.conf too.',
      );
    }
    return { version };
  } catch (error) {
    throw error instanceof OperatorError ? error : (objection ?? error);
  } finally {
    redis.disconnect();
  }
}

function open(address: RedisAddress, options: Settings): Redis {
  const settings: Settings = { retryStrategy: (tries) => Math.min(50 * 2 ** tries, 2000), ...options };
  const redis =
    'url' in address ? new Redis(address.url, settings) : new Redis({ path: address.path, ...settings });
  // Told by the queue's own error events; without a listener here each would be printed.
  redis.on('error', () => undefined);
  return redis;
}

function parseInfo(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [name, value] = line.split(':', 2);
      return name && value !== undefined ? [[name, value] as const] : [];
    }),
  );
}
