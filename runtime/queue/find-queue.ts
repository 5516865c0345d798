import type { Config } from '../config.ts';
import { OperatorError } from '../operator-error.ts';
import { findRedisProgram, openPrivateRedis } from './private-redis.ts';
import type { QueueServer } from './queue-server.ts';
import { checkRedis, redisConnection } from './redis-connection.ts';

/**
 * The queue to use: REDIS_URL, else a Redis or Valkey server of our own when one is installed, else one inside this
 * process. `note` hears why a better one was passed over.
 */
export async function findQueue(config: Config, note: (line: string) => void): Promise<QueueServer> {
  if (config.redisUrl) return openGivenRedis(config.redisUrl);
  const program = findRedisProgram();
  if (program) {
    try {
      return await openPrivateRedis(program, config.dataFolder);
    } catch {
      note(`${program} does not start (see queue/server.log in the data folder).`);
    }
  }
  const { openEmbeddedQueue } = await import('./embedded.ts');
  return openEmbeddedQueue();
}

async function openGivenRedis(url: string): Promise<QueueServer> {
  const { host } = new URL(url);
  try {
    const { version } = await checkRedis({ url });
    return {
      kind: 'redis',
      describe: `Redis ${version} at ${host} (REDIS_URL)`,
      connection: redisConnection({ url }),
      close: async () => undefined,
    };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason = (error as Error).message.match(/WRONGPASS|NOAUTH/)
      ? 'refuses the password'
      : 'does not answer';
    throw new OperatorError(
      `REDIS_URL: the server at ${host} ${reason}: start it or correct the address, or leave REDIS_URL empty.`,
    );
  }
}
