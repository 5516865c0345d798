import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { Pace } from '../../core/deliveries/pace.ts';
import { sweep } from '../../core/deliveries/sweep.ts';
import { runDueMoment } from '../../core/moments.ts';
import { seedNetwork } from '../../core/network/seed.ts';
import { openDueMoments } from '../../core/store/due-moments.ts';
import type { Core, Signal } from '../../core/unit.ts';
import { createCore } from '../../runtime/core.ts';
import { type Database, openDatabase } from '../../runtime/database.ts';
import { loadTexts } from '../../runtime/i18n.ts';
import { countingIds, FakeChannel, TestClock } from './fakes.ts';

export interface TestCore {
  readonly core: Core;
  readonly database: Database;
  /** What openDatabase takes. */
  readonly location: string;
  readonly clock: TestClock;
  readonly channels: Record<'webchat' | 'telegram', FakeChannel>;
  /** Everything rung so far. */
  readonly signals: Signal[];
  /** Hears it too. */
  hear: (signals: readonly Signal[]) => void;
  /** Does all that is due now, as jobs and the sweep would, until nothing is left. */
  settle(): Promise<void>;
  /** Moves the clock to the next due moments one after another up to `iso`, settling at each. */
  runUntil(iso: string): Promise<void>;
  close(): Promise<void>;
}

const textsOnce = loadTexts();

/**
 * The real core over a real, migrated, seeded database with a standing clock and messengers in memory.
 * SQLite in memory, or a fresh PostgreSQL database when WICI_TEST_POSTGRES names a server. With `real` that adapter is its
 * messenger instead of the one in memory. With `file` SQLite is in that file.
 */
export async function openTestCore(
  at = '2026-11-23T10:00:00Z',
  real?: (core: Core) => ChannelAdapter | readonly ChannelAdapter[],
  file = ':memory:',
): Promise<TestCore> {
  const { location, drop } = await makeTestDatabase(file);
  const database = openDatabase(location);
  await database.migrate();
  const clock = new TestClock(at);
  const signals: Signal[] = [];
  const channels = { webchat: new FakeChannel('webchat'), telegram: new FakeChannel('telegram') };
  const adapters = new Map<ChannelName, ChannelAdapter>(Object.values(channels).map((c) => [c.name, c]));
  const core = createCore({
    database,
    clock,
    ids: countingIds(),
    texts: await textsOnce,
    channels: () => [...adapters.keys()],
    wayIn: (channel, code) => adapters.get(channel)?.invitationLink(code) ?? null,
    hear: (rung) => {
      signals.push(...rung);
      test.hear(rung);
    },
    url: 'http://localhost:8080',
  });
  await core.transaction((unit) => seedNetwork(unit));
  for (const adapter of [real?.(core) ?? []].flat()) adapters.set(adapter.name, adapter);
  const timer = { wait: async (ms: number) => clock.advance(ms) };
  const dispatcher = new Dispatcher(core, adapters, new Pace(clock, timer), { trouble: () => undefined });

  const settle = async () => {
    for (let round = 0; round < 50; round++) {
      const found = await sweep(core);
      if (found.length === 0) return;
      for (const signal of found) {
        if (signal.kind === 'due') await runDueMoment(core, signal.id);
        if (signal.kind === 'deliver') await dispatcher.deliver(signal.ids, signal.lane);
        if (signal.kind === 'edit') await dispatcher.edit(signal.ids, signal.lane);
      }
    }
    throw new Error('never settles: something is due again and again');
  };

  const runUntil = async (iso: string) => {
    const end = Date.parse(iso);
    for (;;) {
      await settle();
      const [next] = await openDueMoments(database.db, end, 1);
      const pending = await database.db
        .selectFrom('delivery')
        .select('not_before')
        .where('status', '=', 'pending')
        .where('held', '=', 0)
        .where('not_before', '<=', end)
        .orderBy('not_before')
        .executeTakeFirst();
      const at = Math.min(
        next?.at ?? Number.POSITIVE_INFINITY,
        pending?.not_before ?? Number.POSITIVE_INFINITY,
      );
      if (!Number.isFinite(at)) break;
      clock.set(new Date(Math.max(at, clock.now())).toISOString());
    }
    clock.set(iso);
  };

  const close = async () => {
    await database.close();
    await drop();
  };
  const hear = () => undefined;
  const test: TestCore = {
    core,
    database,
    location,
    clock,
    channels,
    signals,
    hear,
    settle,
    runUntil,
    close,
  };
  return test;
}

/** An empty database: a fresh one of the server WICI_TEST_POSTGRES names, else SQLite in `file`. */
export async function makeTestDatabase(
  file: string,
): Promise<{ location: string; drop: () => Promise<void> }> {
  const server = process.env.WICI_TEST_POSTGRES;
  if (!server) return { location: file, drop: async () => undefined };
  const name = `wici_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    location: url.href,
    drop: () => administer(server, `drop database ${name} with (force)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
