import type { Database as Connection, Statement } from 'better-sqlite3';
import type { Db } from '../core/store/schema.ts';

/** So many transactions share a commit at most, begun within so long: those who wait for the database wait no longer. */
const mostTogether = 100;
const longestMs = 20;

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
  readonly #waiting: Work[] = [];
  readonly #begin: Statement;
  readonly #end: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  #busy = false;

  constructor(sqlite: Connection, db: Db) {
    this.#sqlite = sqlite;
    this.#db = db;
    this.#begin = sqlite.prepare('begin immediate');
    this.#end = sqlite.prepare('commit');
    this.#savepoint = sqlite.prepare('savepoint one');
    this.#release = sqlite.prepare('release one');
  }

  run<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T;
      this.#waiting.push({
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
    while (this.#waiting.length > 0) {
      // One turn of the loop later, so that what comes at once is here.
      await new Promise((turn) => setImmediate(turn));
      try {
        await this.#db.connection().execute((connection) => this.#commit(connection));
      } catch (error) {
        for (const work of this.#waiting.splice(0)) work.failed(error);
      }
    }
    this.#busy = false;
  }

  /** Rejects only when nothing could be begun. */
  async #commit(tx: Db): Promise<void> {
    this.#begin.run();
    const done: Work[] = [];
    try {
      if (this.#waiting.length === 1) await this.#alone(tx, done);
      else await this.#together(tx, done);
      this.#end.run();
    } catch (error) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('rollback');
      for (const work of done) work.failed(error);
      return;
    }
    for (const work of done) work.done();
  }

  async #alone(tx: Db, done: Work[]): Promise<void> {
    for (const work of this.#waiting.splice(0, 1)) {
      done.push(work);
      await work.run(tx);
    }
  }

  async #together(tx: Db, done: Work[]): Promise<void> {
    const end = performance.now() + longestMs;
    for (let taken = 0; taken < mostTogether && performance.now() < end; taken++) {
      const work = this.#waiting.shift();
      if (!work) return;
      this.#savepoint.run();
      try {
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
  }
}
