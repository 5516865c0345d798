import { createPostgresBackend, type Processor, Queue, runMigrations, Worker, withBackend } from 'bullmq';
import type { QueueConnection } from './connection.ts';

/** What a dead process had in hand is begun anew elsewhere after about this. */
const stalled = { lockDuration: 10_000, stalledInterval: 5000 };

export interface Backend {
  queue(name: string): Queue;
  worker(name: string, processor: Processor, concurrency: number): Worker;
}

/** Makes queues and workers on what was found. `namespace` keeps two installations on one Redis apart. */
export async function openBackend(connection: QueueConnection, namespace: string): Promise<Backend> {
  if (connection.kind === 'redis') {
    return {
      queue: (name) => new Queue(name, { connection: connection.producer(), prefix: namespace }),
      worker: (name, processor, concurrency) =>
        new Worker(name, processor, {
          connection: connection.consumer(),
          prefix: namespace,
          concurrency,
          autorun: false,
          runRetryDelay: 1000,
          ...stalled,
        }),
    };
  }
  const { pool } = connection;
  await runMigrations(await pool.connect());
  const embedded = withBackend(createPostgresBackend);
  return {
    queue: (name) => new embedded.Queue(name, { connection: pool }) as unknown as Queue,
    worker: (name, processor, concurrency) =>
      new embedded.Worker(name, processor, {
        connection: pool,
        concurrency,
        autorun: false,
        runRetryDelay: 1000,
      }) as unknown as Worker,
  };
}
