import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database as Connection, Statement } from 'better-sqlite3';
import { projectRoot } from './paths.ts';

/** The log is written back when it has grown by so many pages, as SQLite itself would. */
const worthPages = 1000;
/** One of so many (16 MB) shall begin anew: who writes waits until the little is written back that came meanwhile. */
const fullPages = 4000;
/** Whatever is wrong with the thread: beyond this (64 MB) SQLite writes it back within a commit. */
const mostPages = 16_000;

// The built one, from the sources as well: not every Node that runs Wici reads TypeScript.
const built = join(projectRoot, 'dist', 'runtime', 'checkpoint-thread.js');

/**
 * Writes SQLite's log back into its file in a thread of its own, over a connection of its own: within a commit everybody
 * waits for it, tens of milliseconds while a broadcast leaves. The thread begins when there is something worth it.
 */
export class Checkpoints {
  readonly #sqlite: Connection;
  readonly #program: string;
  readonly #length: Statement;
  #thread: Worker | null = null;
  /** The thread could not begin, or has ended or is to: SQLite writes the log back itself. */
  #without = false;
  #writing: { readonly held: boolean; readonly done: Promise<void>; readonly end: () => void } | null = null;
  /** Pages in the log when it was last written back. */
  #back = 0;
  /** It was full then: what has come since is to be written back while nobody writes. */
  #full = false;

  constructor(sqlite: Connection, program = built) {
    this.#sqlite = sqlite;
    this.#program = program;
    this.#length = sqlite.prepare('pragma wal_checkpoint(NOOP)');
    sqlite.pragma(`wal_autocheckpoint = ${mostPages}`);
  }

  /** To be called after a commit, outside any transaction. Never throws. */
  committed(): void {
    if (this.#writing || this.#without) return;
    const pages = this.#pages();
    if (pages < this.#back) {
      this.#back = 0;
      this.#full = false;
    }
    if (this.#full || pages - this.#back >= worthPages) this.#write(pages);
  }

  /** What a writer waits for before it begins; null mostly. */
  get room(): Promise<void> | null {
    return this.#writing?.held ? this.#writing.done : null;
  }

  /** Before the program's own connection is closed, which as the last one writes back the rest. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#without = true;
    if (!thread) return;
    thread.ref();
    thread.postMessage('end');
    await once(thread, 'exit');
  }

  /** In the log. */
  #pages(): number {
    try {
      return (this.#length.get() as { log: number }).log;
    } catch {
      // Somebody else is at it: the next commit looks again.
      return this.#back;
    }
  }

  #write(pages: number): void {
    const held = this.#full;
    this.#full = !held && pages >= fullPages;
    this.#back = pages;
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#writing = { held, done, end };
    this.#thread ??= this.#begin();
    if (held) this.#thread.ref();
    this.#thread.postMessage('write');
  }

  #begin(): Worker {
    const thread = new Worker(this.#program, { workerData: this.#sqlite.name, execArgv: [] });
    thread.unref();
    thread.on('message', () => this.#written());
    // It exits of it.
    thread.on('error', () => undefined);
    thread.on('exit', () => this.#ended());
    return thread;
  }

  #written(): void {
    if (!this.#without) this.#thread?.unref();
    this.#writing?.end();
    this.#writing = null;
  }

  #ended(): void {
    this.#thread = null;
    this.#without = true;
    if (this.#sqlite.open) this.#sqlite.pragma(`wal_autocheckpoint = ${worthPages}`);
    this.#written();
  }
}
