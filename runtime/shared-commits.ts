import type { Database as Connection, Statement } from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import type { Db } from '../core/store/schema.ts';
import type { Lane } from '../core/unit.ts';
import type { Checkpoints } from './checkpoints.ts';

/** So many transactions share a commit at most, begun within so long: those who wait for the database wait no longer. */
const mostTogether = 100;
const longestMs = 20;

const begin = CompiledQuery.raw('begin immediate');

interface Work {
  readonly run: (tx: Db) => Promise<void>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * SQLite writes to the disk once a commit, and that is most of what a small transaction costs. Those that come at once run
 * one after another within one commit: each in a savepoint of its own, so that one that fails takes no other with it, and
 * each told of its success only when the commit they share stands.
 */
export class SharedCommits {
  readonly #sqlite: Connection;
  readonly #db: Db;
  readonly #log: Checkpoints | null;
  readonly #waiting: Record<Lane, Work[]> = { person: [], broadcast: [] };
  /** A broadcast's stood back from the last commit: it comes first in the next. */
  #stoodBack = false;
  readonly #end: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  #busy = false;

  constructor(sqlite: Connection, db: Db, log: Checkpoints | null) {
    this.#sqlite = sqlite;
    this.#db = db;
    this.#log = log;
    this.#end = sqlite.prepare('commit');
    this.#savepoint = sqlite.prepare('savepoint one');
    this.#release = sqlite.prepare('release one');
  }

  run<T>(work: (tx: Db) => Promise<T>, lane: Lane): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T;
      this.#waiting[lane].push({
        run: async (tx) => {
          result = await work(tx);
        },
        done: () => resolve(result),
        failed: reject,
      });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#count > 0) {
      // One turn of the loop later, so that what comes at once is here.
      await new Promise((turn) => setImmediate(turn));
      await this.#log?.room;
      try {
        await this.#db.connection().execute((connection) => this.#commit(connection));
      } catch (error) {
        const { person, broadcast } = this.#waiting;
        for (const work of [...person.splice(0), ...broadcast.splice(0)]) work.failed(error);
      }
    }
    this.#busy = false;
  }

  get #count(): number {
    return this.#waiting.person.length + this.#waiting.broadcast.length;
  }

  /** Whose turn it is. While a person waits for the commit nothing of a broadcast's makes it any later. */
  #next(personWaits: boolean): { work: Work; lane: Lane } | null {
    const { person, broadcast } = this.#waiting;
    const late = this.#stoodBack ? broadcast.shift() : undefined;
    this.#stoodBack = false;
    if (late) return { work: late, lane: 'broadcast' };
    const first = person.shift();
    if (first) return { work: first, lane: 'person' };
    const work = personWaits ? undefined : broadcast.shift();
    return work ? { work, lane: 'broadcast' } : null;
  }

  /** Rejects only when nothing could be begun. */
  async #commit(tx: Db): Promise<void> {
    await tx.executeQuery(begin);
    const done: Work[] = [];
    try {
      if (this.#count === 1) await this.#alone(tx, done);
      else await this.#together(tx, done);
      this.#end.run();
    } catch (error) {
      for (const work of done) work.failed(error);
      if (this.#sqlite.inTransaction) this.#sqlite.exec('rollback');
      return;
    }
    for (const work of done) work.done();
    this.#log?.committed();
  }

  async #alone(tx: Db, done: Work[]): Promise<void> {
    const next = this.#next(false);
    if (!next) return;
    done.push(next.work);
    await next.work.run(tx);
  }

  async #together(tx: Db, done: Work[]): Promise<void> {
    const end = performance.now() + longestMs;
    let personWaits = false;
    for (let taken = 0; taken < mostTogether && performance.now() < end; taken++) {
      const next = this.#next(personWaits);
      if (!next) break;
      const { work } = next;
      personWaits ||= next.lane === 'person';
      try {
        this.#savepoint.run();
        await work.run(tx);
        done.push(work);
      } catch (error) {
        work.failed(error);
        // A full disk or a failed write has undone what the others did as well.
        if (!this.#sqlite.inTransaction) throw error;
        this.#sqlite.exec('rollback to one');
      }
      this.#release.run();
    }
    this.#stoodBack = personWaits && this.#waiting.broadcast.length > 0;
  }
}
