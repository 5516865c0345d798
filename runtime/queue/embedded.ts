import { EventEmitter } from 'node:events';
import { PGlite, types } from '@electric-sql/pglite';
import type { EmbeddedPool } from '../../jobs/connection.ts';
import type { QueueServer } from './queue-server.ts';

type EmbeddedClient = Awaited<ReturnType<EmbeddedPool['connect']>>;

/**
 * A queue inside this process: PostgreSQL compiled to WebAssembly, in memory. Nothing is lost with it: what is due
 * stands in the database. Slower and larger than Redis, but there on any machine.
 */
export async function openEmbeddedQueue(): Promise<QueueServer> {
  const postgres = await PGlite.create({
    parsers: { [types.INT8]: (text: string) => text },
    relaxedDurability: true,
  });
  await postgres.exec('create schema if not exists bullmq; set search_path to bullmq, public');
  return {
    kind: 'embedded',
    describe: 'a queue inside Wici (install redis-server for a faster one)',
    connection: { kind: 'embedded', pool: new PglitePool(postgres) },
    close: () => postgres.close(),
  };
}

const listening = /^\s*(un)?listen\s+"?([a-z_][a-z0-9_]*)"?\s*;?\s*$/im;

/** PGlite in the shape of `pg.Pool`. There is one session behind every client. */
class PglitePool extends EventEmitter implements EmbeddedPool {
  readonly #postgres: PGlite;

  constructor(postgres: PGlite) {
    super();
    this.#postgres = postgres;
  }

  query<R>(text: string, params?: readonly unknown[]) {
    return run<R>(this.#postgres, text, params);
  }

  async connect(): Promise<EmbeddedClient> {
    return new PgliteClient(this.#postgres);
  }

  // The owner of the database closes it: every queue and worker shares it.
  async end(): Promise<void> {
    this.emit('end');
  }
}

class PgliteClient extends EventEmitter implements EmbeddedClient {
  readonly #postgres: PGlite;
  readonly #heard: (() => Promise<void>)[] = [];

  constructor(postgres: PGlite) {
    super();
    this.#postgres = postgres;
    this.setMaxListeners(0);
  }

  async query<R>(text: string, params?: readonly unknown[]) {
    const channel = withoutComments(text).match(listening)?.[2];
    if (!channel) return run<R>(this.#postgres, text, params);
    this.#heard.push(
      await this.#postgres.listen(channel, (payload) => this.emit('notification', { channel, payload })),
    );
    return { rows: [], rowCount: 0 };
  }

  release(): void {
    for (const unlisten of this.#heard.splice(0)) void unlisten().catch(() => undefined);
  }

  async end(): Promise<void> {
    this.release();
  }
}

async function run<R>(postgres: PGlite, text: string, params: readonly unknown[] | undefined) {
  // Several statements at once (migrations) go without parameters only, as in PostgreSQL itself.
  if (!params || params.length === 0) {
    const results = await postgres.exec(text);
    const last = results.at(-1);
    return { rows: (last?.rows ?? []) as R[], rowCount: last?.affectedRows ?? last?.rows.length ?? 0 };
  }
  const { rows, affectedRows } = await postgres.query<R>(text, [...params]);
  return { rows, rowCount: affectedRows ?? rows.length };
}

function withoutComments(text: string): string {
  return text.replace(/--.*$/gm, '').trim();
}
