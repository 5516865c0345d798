import type { Config } from '../config.ts';
import { findRedisProgram, openPrivateRedis } from './private-redis.ts';
import type { QueueServer } from './queue-server.ts';
import { checkGivenRedis, redisConnection } from './redis-connection.ts';

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
  const { version } = await checkGivenRedis(url);
  return {
    kind: 'redis',
    describe: `Redis ${version} at ${new URL(url).host} (REDIS_URL)`,
    connection: redisConnection({ url }),
    close: async () => undefined,
  };
}
