import type { QueueConnection } from '../../jobs/connection.ts';

export type QueueKind = 'redis' | 'private' | 'embedded';

/** Where the bells hang: what jobs/ needs to open its queues, and how to let go of it. */
export interface QueueServer {
  readonly kind: QueueKind;
  /** One clause for the operator: which queue was found. */
  readonly describe: string;
  readonly connection: QueueConnection;
  /** Stops what was started for it. */
  close(): Promise<void>;
}
