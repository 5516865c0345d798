import type { PgPool } from 'bullmq';
import type { Redis } from 'ioredis';

/** What the queues hang on; found and opened by runtime/queue. */
export type QueueConnection =
  | {
      readonly kind: 'redis';
      /** Fails at once while the server is away. */
      producer(): Redis;
      /** Waits for the server to come back: what a worker needs. */
      consumer(): Redis;
    }
  /** PostgreSQL inside this process; one session stands behind every client. */
  | { readonly kind: 'embedded'; readonly pool: EmbeddedPool };

export type EmbeddedPool = PgPool;
