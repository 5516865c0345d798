import type { Job, Worker } from 'bullmq';
import type { Backend } from './backend.ts';
import { definitions, type JobName, jobNames } from './definitions.ts';
import type { JobDeps } from './deps.ts';
import { deliver } from './handlers/deliver.ts';
import { due } from './handlers/due.ts';
import { edit } from './handlers/edit.ts';

const handlers = { due, deliver, edit };

export interface WorkerLog {
  warn(fields: object, message: string): void;
}

/** The consumers' side: one worker a queue, started by `run`. */
export class Workers {
  readonly #workers: readonly Worker[];

  constructor(backend: Backend, deps: JobDeps, log: WorkerLog) {
    this.#workers = jobNames.map((name) => {
      const worker = backend.worker(name, (job) => handle(deps, name, job), definitions[name].concurrency);
      worker.on('failed', (job, error) =>
        log.warn({ queue: name, job: job?.id, err: error }, 'a job failed'),
      );
      worker.on('error', (error) => log.warn({ queue: name, err: error }, 'the queue is in trouble'));
      return worker;
    });
  }

  run(): void {
    // Rejects only when the queue is gone for good, which the error event has told.
    for (const worker of this.#workers) void worker.run().catch(() => undefined);
  }

  /** Takes nothing new and waits for the jobs in hand. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#workers.map((worker) => worker.close()));
  }
}

async function handle(deps: JobDeps, name: JobName, job: Job): Promise<void> {
  switch (name) {
    case 'due':
      return handlers.due(deps, definitions.due.schema.parse(job.data));
    case 'deliver':
      return handlers.deliver(deps, definitions.deliver.schema.parse(job.data));
    case 'edit':
      return handlers.edit(deps, definitions.edit.schema.parse(job.data));
  }
}
