import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dispatcher } from '../core/deliveries/dispatcher.ts';
import { sweep } from '../core/deliveries/sweep.ts';
import { runDueMoment } from '../core/moments.ts';
import type { Core, Signal } from '../core/unit.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Logger } from './logger.ts';

export interface BellDeps {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  readonly queues: Pick<Queues, 'ring' | 'idle'>;
  readonly publish: (topic: string) => void;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
}

type Work = Exclude<Signal, { kind: 'changed' }>;

/**
 * Takes what committed units rang to where it is done: a person's answer at once in this process, broadcasts and due
 * moments over the queue, changes to the live pages. The database holds what is due; `sweep` finds there what lost its
 * bell and, while the queue is away, does it here.
 */
export class Bells {
  readonly #deps: BellDeps;
  readonly #inHand = new Set<Promise<void>>();
  readonly #busy = new Set<string>();
  /** Kinds of work being done here in the queue's stead. */
  readonly #standingIn = new Set<string>();
  #queueAway = false;
  readonly #toEdit: string[] = [];

  constructor(deps: BellDeps) {
    this.#deps = deps;
  }

  /** Never throws. */
  hear(signals: readonly Signal[]): void {
    const queued: Work[] = [];
    for (const signal of signals) {
      if (signal.kind === 'changed') this.#deps.publish(signal.topic);
      else if (signal.kind === 'edit' && signal.lane === 'person') this.#editSoon(signal.ids);
      else if (signal.kind === 'deliver' && signal.lane === 'person') this.#now(signal);
      else queued.push(signal);
    }
    if (queued.length > 0) this.#track(this.#ring(queued));
  }

  /** Does or rings again what is due and forgotten; `all` also what a queue that is busy may come to. */
  async sweep(all = false): Promise<void> {
    await this.#deps.dispatcher.catchUp();
    const found = (await sweep(this.#deps.core)).filter((s): s is Work => s.kind !== 'changed');
    const left = found.flatMap((signal) => this.#notInHand(signal));
    for (const signal of left) if (signal.kind !== 'due' && signal.lane === 'person') this.#now(signal);
    for (const kind of ['due', 'deliver', 'edit'] as const) {
      const queued = left.filter((s) => s.kind === kind && (s.kind === 'due' || s.lane === 'broadcast'));
      if (queued.length > 0) await this.#overQueue(kind, queued, all);
    }
  }

  /** Resolves when everything begun in this process is done. */
  async drain(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  #notInHand(signal: Work): Work[] {
    if (signal.kind === 'due') return [signal];
    const ids = signal.ids.filter((id) => !this.#busy.has(id));
    return ids.length > 0 ? [{ ...signal, ids }] : [];
  }

  /** A queue that is busy with this kind of work will come to it; an idle one has forgotten it. */
  async #overQueue(kind: Work['kind'], signals: readonly Work[], all: boolean): Promise<void> {
    if (this.#standingIn.has(kind)) return;
    try {
      // A due moment's job has its own name in the queue: rung for twice it is done once.
      if (!all && kind !== 'due' && !(await this.#deps.queues.idle(kind))) return;
      await this.#deps.queues.ring(signals, this.#deps.core.clock.now());
      this.#noteQueue(true);
    } catch (error) {
      this.#noteQueue(false, error);
      this.#standingIn.add(kind);
      this.#track(this.#standIn(signals).finally(() => this.#standingIn.delete(kind)));
    }
  }

  async #standIn(signals: readonly Work[]): Promise<void> {
    for (const signal of signals) {
      if (signal.kind === 'due') await runDueMoment(this.#deps.core, signal.id);
      else await this.#deps.dispatcher[signal.kind](signal.ids, signal.lane);
    }
  }

  async #ring(signals: readonly Work[]): Promise<void> {
    try {
      await this.#deps.queues.ring(signals, this.#deps.core.clock.now());
      this.#noteQueue(true);
    } catch (error) {
      this.#noteQueue(false, error);
    }
  }

  /** Presses whose commits were one are shown together. */
  #editSoon(ids: readonly string[]): void {
    const begun = this.#toEdit.length > 0;
    this.#toEdit.push(...ids);
    if (begun) return;
    const turn = nextTurn().then(() =>
      this.#now({ kind: 'edit', ids: this.#toEdit.splice(0), lane: 'person' }),
    );
    this.#track(turn);
  }

  #now(signal: Exclude<Work, { kind: 'due' }>): void {
    for (const id of signal.ids) this.#busy.add(id);
    const work = this.#deps.dispatcher[signal.kind](signal.ids, 'person').finally(() => {
      for (const id of signal.ids) this.#busy.delete(id);
    });
    this.#track(work);
  }

  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'work failed; the sweep tries again'))
      .finally(() => this.#inHand.delete(tracked));
    this.#inHand.add(tracked);
  }

  /** One line when the queue goes and one when it is back, not one a bell. */
  #noteQueue(there: boolean, error?: unknown): void {
    if (there === !this.#queueAway) return;
    this.#queueAway = !there;
    if (there) this.#deps.log.warn({}, 'the queue is back');
    else this.#deps.log.warn({ err: error }, 'the queue does not answer; its work is done without it');
  }
}
