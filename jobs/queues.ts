import type { Queue } from 'bullmq';
import type { Signal } from '../core/unit.ts';
import type { Backend } from './backend.ts';
import { chunkSize, type JobData, type JobName, jobNames } from './definitions.ts';

/** A bell that has not rung by then counts as broken: the sweep does its work. */
const patienceMs = 3000;

interface Bell<N extends JobName = JobName> {
  readonly name: N;
  readonly data: JobData<N>;
  readonly opts: { readonly jobId?: string; readonly delay?: number; readonly lifo?: boolean };
}

/** The producers' side. Every method fails fast; whoever rings treats a failure as a lost bell, not as lost work. */
export class Queues {
  readonly #queues: ReadonlyMap<JobName, Queue>;

  constructor(backend: Backend, onError: (error: Error) => void) {
    this.#queues = new Map(jobNames.map((name) => [name, backend.queue(name)]));
    for (const queue of this.#queues.values()) queue.on('error', onError);
  }

  /**
   * Forgets what a former process left: the database says what is due, and a job half done there would block its twin. Left
   * undone when the server refuses or does not answer: no start waits for it, nor fails over it.
   */
  async empty(): Promise<void> {
    const queues = [...this.#queues.values()];
    await Promise.allSettled(queues.map((queue) => soon(queue.obliterate({ force: true }))));
  }

  /** Rings for due moments, broadcasts and edits. `now` turns a moment into a delay. */
  async ring(signals: readonly Signal[], now: number): Promise<void> {
    const bells = signals.flatMap((signal) => bellsOf(signal, now));
    for (const name of jobNames) {
      const own = bells.filter((bell) => bell.name === name);
      if (own.length > 0) await this.#add(name, own);
    }
  }

  /** Whether nothing waits or is being done: then whatever is still due has lost its bell. */
  async idle(name: JobName): Promise<boolean> {
    const counts = await soon(this.#queue(name).getJobCounts('waiting', 'active', 'delayed', 'prioritized'));
    return Object.values(counts).every((n) => n === 0);
  }

  /** Resolves when the queue answers. */
  async ping(): Promise<void> {
    await soon(this.#queue('due').getJobCounts('active'));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  async #add(name: JobName, bells: readonly Bell[]): Promise<void> {
    // A failed one waiting for its next try would wait by the wall clock, and keep the sweep from ringing meanwhile.
    const fixed = { attempts: 1, removeOnComplete: true, removeOnFail: true };
    const jobs = bells.map(({ data, opts }) => ({ name, data, opts: { ...fixed, ...opts } }));
    await soon(this.#queue(name).addBulk(jobs));
  }

  #queue(name: JobName): Queue {
    const queue = this.#queues.get(name);
    if (!queue) throw new RangeError(`no queue ${name}`);
    return queue;
  }
}

function bellsOf(signal: Signal, now: number): Bell[] {
  if (signal.kind === 'changed') return [];
  if (signal.kind === 'due') {
    // The same moment rung for twice is one job.
    return [
      {
        name: 'due',
        data: { id: signal.id },
        opts: { jobId: `due-${signal.id}`, delay: Math.max(0, signal.at - now) },
      },
    ];
  }
  const bells: Bell[] = [];
  const opts = { lifo: signal.kind === 'deliver' && signal.again === true };
  for (let start = 0; start < signal.ids.length; start += chunkSize) {
    bells.push({ name: signal.kind, data: { ids: signal.ids.slice(start, start + chunkSize) }, opts });
  }
  return bells;
}

function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the queue does not answer')), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
