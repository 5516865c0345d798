import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { schedule } from '../../core/outbox.ts';
import { openMomentsOf } from '../../core/store/due-moments.ts';
import { type Backend, openBackend } from '../../jobs/backend.ts';
import { Queues } from '../../jobs/queues.ts';
import { Workers } from '../../jobs/worker.ts';
import { openEmbeddedQueue } from '../../runtime/queue/embedded.ts';
import { findRedisProgram, openPrivateRedis } from '../../runtime/queue/private-redis.ts';
import type { QueueServer } from '../../runtime/queue/queue-server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { until } from '../support/until.ts';

const program = findRedisProgram();
const { folder, remove } = makeTempFolder();
afterAll(remove);

const kinds: [string, () => Promise<QueueServer>][] = [['embedded', openEmbeddedQueue]];
if (program) kinds.unshift(['private', () => openPrivateRedis(program, folder)]);

describe.each(kinds)('Jobs over the %s queue', (kind, open) => {
  let server: QueueServer;
  let backend: Backend;
  let queues: Queues;
  let workers: Workers;
  let test: TestCore;
  let sent: string[][];
  let edited: string[][];
  let failing: Error | null;
  /** What is begun is not done before that. */
  let held: Promise<unknown> | null = null;
  let tried = 0;

  beforeAll(async () => {
    server = await open();
    backend = await openBackend(server.connection, 'wici-test');
    queues = new Queues(backend, () => undefined);
    await queues.empty();
    const dispatcher = {
      deliver: async (ids: string[]) => {
        tried += 1;
        if (failing) throw failing;
        sent.push(ids);
        await held;
      },
      edit: async (ids: string[]) => void edited.push(ids),
    } as unknown as Dispatcher;
    test = await openTestCore();
    sent = [];
    edited = [];
    failing = null;
    workers = new Workers(backend, { core: test.core, dispatcher }, { warn: () => undefined });
    workers.run();
  }, 60_000);

  afterEach(() => {
    sent.length = 0;
    edited.length = 0;
    failing = null;
  });

  afterAll(async () => {
    await workers.close();
    await queues.close();
    await server.close();
    await test.close();
  }, 30_000);

  const ids = (n: number) => Array.from({ length: n }, (_, i) => `delivery-${i}`);

  it('hands deliveries on in chunks of a hundred, each once, and is idle afterwards', async () => {
    await queues.ring([{ kind: 'deliver', ids: ids(250), lane: 'broadcast' }], 0);
    await until(() => sent.length === 3);
    expect(sent.map((chunk) => chunk.length).sort((a, b) => a - b)).toEqual([50, 100, 100]);
    expect(new Set(sent.flat())).toEqual(new Set(ids(250)));
    await until(() => queues.idle('deliver'));
  });

  it('hands on first what had its turn before and was asked to wait', async () => {
    let release: () => void = () => undefined;
    held = new Promise<void>((done) => {
      release = done;
    });
    await queues.ring([{ kind: 'deliver', ids: ids(600), lane: 'broadcast' }], 0);
    await until(() => sent.length === 3);
    await queues.ring([{ kind: 'deliver', ids: ['waited'], lane: 'broadcast', again: true }], 0);
    release();
    held = null;
    await until(() => sent.length === 7);
    expect(sent[3]).toEqual(['waited']);
  });

  it('hands edits on', async () => {
    await queues.ring([{ kind: 'edit', ids: ['delivery-1'], lane: 'broadcast' }], 0);
    await until(() => edited.length === 1);
    expect(edited).toEqual([['delivery-1']]);
  });

  it('does a due moment, rung for twice, once', async () => {
    const { core, clock } = test;
    await core.transaction((unit) =>
      schedule(unit, { kind: 'simulate', subjectId: 'one', revision: 1, at: clock.now() }),
    );
    const [moment] = await openMomentsOf(core.db, 'one');
    const bell = { kind: 'due', id: String(moment?.id), at: clock.now() } as const;
    await queues.ring([bell, bell], clock.now());
    await until(async () => (await openMomentsOf(core.db, 'one')).length === 0);
    await until(() => queues.idle('due'));
  });

  it('keeps a moment still to come until then', async () => {
    const { clock } = test;
    await queues.ring([{ kind: 'due', id: 'far', at: clock.now() + 3_600_000 }], clock.now());
    expect(await queues.idle('due')).toBe(false);
    await queues.empty();
    expect(await queues.idle('due')).toBe(true);
  });

  it('forgets a failed job at once, so that what it left is rung for again', async () => {
    failing = new Error('the database is away');
    await queues.ring([{ kind: 'deliver', ids: ids(1), lane: 'broadcast' }], 0);
    tried = 0;
    await until(() => tried === 1);
    await until(() => queues.idle('deliver'));
    failing = null;
    await queues.ring([{ kind: 'deliver', ids: ids(1), lane: 'broadcast' }], 0);
    await until(() => sent.length === 1);
  });

  it.runIf(kind === 'private')(
    'fails fast while the server is away, and goes on when it is back',
    async () => {
      await queues.ping();
      process.kill(Number(readFileSync(join(folder, 'queue', 'redis.pid'), 'utf8')), 'SIGKILL');
      const rung = (id: string) =>
        queues.ring([{ kind: 'deliver', ids: [id], lane: 'broadcast' }], 0).then(
          () => true,
          () => false,
        );
      await until(async () => !(await rung('meanwhile')), 3500);
      // Its connections come back one by one.
      await until(() => rung('after'));
      await until(() => sent.some((chunk) => chunk.includes('after')), 20_000);
    },
    40_000,
  );

  it.runIf(kind === 'private')('goes on after everything in the server was wiped', async () => {
    if (server.connection.kind !== 'redis') throw new Error('not Redis');
    const redis = server.connection.consumer();
    await redis.flushall();
    redis.disconnect();
    expect(await queues.idle('deliver')).toBe(true);
    await queues.ring([{ kind: 'deliver', ids: ['wiped'], lane: 'broadcast' }], 0);
    await until(() => sent.some((chunk) => chunk.includes('wiped')));
  });
});
