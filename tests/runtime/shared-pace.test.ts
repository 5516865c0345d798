import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lane } from '../../core/unit.ts';
import { type Answer, PaceScript, type Wish } from '../../runtime/pace-script.ts';
import { findRedisProgram, openPrivateRedis } from '../../runtime/queue/private-redis.ts';
import type { QueueServer } from '../../runtime/queue/queue-server.ts';
import { SharedPace } from '../../runtime/shared-pace.ts';
import { FakeChannel } from '../support/fakes.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const program = findRedisProgram();

describe.skipIf(program === null)('The pace all processes keep together', () => {
  const { folder, remove } = makeTempFolder();
  let server: QueueServer;
  let redis: Redis;
  let installation = 0;

  beforeAll(async () => {
    server = await openPrivateRedis(String(program), folder);
    redis = client();
  });

  afterAll(async () => {
    redis.disconnect();
    await server.close();
    remove();
  });

  function client(): Redis {
    if (server.connection.kind !== 'redis') throw new Error('no Redis');
    return server.connection.consumer();
  }

  /** A pace nobody kept before, its first second over. */
  async function fresh(): Promise<PaceScript> {
    installation += 1;
    const script = new PaceScript(redis, `test${installation}`);
    for (const line of ['telegram', 'slack', 'slack:edits']) await script.ask(line, 1, [], []);
    await wait(1020);
    return script;
  }

  const sameAs = (connection: Redis) => new PaceScript(connection, `test${installation}`);
  /** The slots handed out, by the server's clock. */
  const secondOf = async () => {
    const flat = await redis.zrange(`test${installation}:pace:telegram:second`, '0', '-1', 'WITHSCORES');
    return flat.filter((_, i) => i % 2 === 1).map(Number);
  };

  it('never hands out more than the limit for any second, however many ask for how much and when', async () => {
    const asks = fc.array(
      fc.record({
        persons: fc.integer({ min: 0, max: 6 }),
        broadcasts: fc.integer({ min: 0, max: 12 }),
        afterMs: fc.integer({ min: 0, max: 120 }),
      }),
      { minLength: 10, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 3, max: 40 }), async (all, perSecond) => {
        installation += 1;
        const script = sameAs(redis);
        // As if it had been kept for long.
        await redis.set(`test${installation}:pace:telegram`, '0');
        for (const { persons, broadcasts, afterMs } of all) {
          await script.ask('telegram', perSecond, many(persons, 'p'), many(broadcasts, 'b'));
          await wait(afterMs / 4);
        }
        const slots = await secondOf();
        const inSecondFrom = (at: number) => slots.filter((s) => s >= at && s < at + 1000).length;
        expect(Math.max(0, ...slots.map(inSecondFrom))).toBeLessThanOrEqual(perSecond);
      }),
      { numRuns: 8 },
    );
  });

  it('lets four processes use one limit between them, and never more of it', async () => {
    await fresh();
    const [rate, lastsMs, inWave] = [60, 2000, 6];
    const limits = { ...unlimited, messagesPerSecond: rate };
    const connections = Array.from({ length: 4 }, client);
    const begun = performance.now();
    let left = 0;
    await Promise.all(
      connections.map(async (connection, worker) => {
        const pace = new SharedPace(sameAs(connection), raise);
        for (let n = 0; performance.now() - begun < lastsMs; n++) {
          const wave = Array.from({ length: inWave }, (_, i) => `${worker}-${n}-${i}`);
          // Together, as the dispatcher sends them.
          await Promise.all(wave.map((to) => pace.slot('telegram', limits, to, 'broadcast')));
          left += wave.length;
        }
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    for (const connection of connections) connection.disconnect();
    // More than any one second holds; a busy machine may leave some of the rest unused.
    expect(left).toBeGreaterThan(rate);
    expect(left).toBeLessThanOrEqual(rate * (seconds + 1));
  });

  it('leaves an interval between two messages to one address, from whichever process', async () => {
    const script = await fresh();
    const other = sameAs(redis);
    const twice = { ...wish('anna'), intervalMs: 60_000, burst: 2 };
    expect(await script.ask('telegram', 0, [twice, wish('piotr')], [])).toSatisfy(everySlot);
    expect(await other.ask('telegram', 0, [], [twice])).toSatisfy(everySlot);
    const [third, next] = await script.ask('telegram', 0, [], [twice, wish('maria')]);
    // Within a second of the minute: Redis's clock went on while we asked.
    expect(third).toMatchObject({ askInMs: expect.closeTo(59_600, -3) });
    expect(next).toSatisfy(isSlot);
  });

  it('lets an address save up no more than its burst, however many are asked for together', async () => {
    const script = await fresh();
    const all = { ...wish('all'), intervalMs: 1500, burst: 2 };
    const answers = await script.ask('slack:edits', 0, [all], [all, all, all]);
    expect(answers.map(isSlot)).toEqual([true, true, false, false]);
    expect(await script.ask('slack:edits', 0, [], [all])).not.toSatisfy(everySlot);
  });

  it('gives a person the next slot there is room for, though broadcasts wait in every process', async () => {
    const script = await fresh();
    const answers = await script.ask('telegram', 10, [], many(20, 'b'));
    expect(answers).toSatisfy((all: Answer[]) => all.every((a) => !isSlot(a)));
    expect(await sameAs(redis).ask('telegram', 10, [wish('anna')], many(20, 'b'))).toMatchObject([
      { slotInMs: 0 },
      ...many(20, 'b').map(() => ({ askInMs: expect.any(Number) })),
    ]);
  });

  it('stops everybody at once when the platform asks one to wait', async () => {
    const script = await fresh();
    await script.pause('telegram', 700);
    await script.pause('telegram', 200);
    const [answer] = await sameAs(redis).ask('telegram', 1, [wish('anna')], []);
    expect(answer).toMatchObject({ askInMs: expect.any(Number) });
    expect(await script.ask('slack', 1, [wish('anna')], [])).toSatisfy(everySlot);
    const pace = new SharedPace(script, raise);
    const begun = performance.now();
    await pace.slot('telegram', { ...unlimited, messagesPerSecond: 1000 }, 'anna', 'person');
    expect(performance.now() - begun).toBeGreaterThan(550);
  });

  it('waits out what may have been handed out before, once the server was emptied', async () => {
    const script = await fresh();
    await redis.flushall();
    expect(await script.ask('telegram', 10, [wish('anna')], [])).not.toSatisfy(everySlot);
    await wait(1020);
    expect(await script.ask('telegram', 10, [wish('anna')], [])).toSatisfy(everySlot);
  });
});

it('At the end nobody waits for Redis any more', async () => {
  const slots = { ask: async () => [{ askInMs: 60_000 }], pause: async () => undefined };
  const pace = new SharedPace(slots, raise);
  const slot = (lane: Lane) => pace.slot('telegram', { ...unlimited, messagesPerSecond: 1 }, 'anna', lane);
  const asked = [slot('person'), slot('broadcast')];
  pace.close();
  expect(await Promise.all([...asked, slot('broadcast')])).toEqual([false, false, false]);
});

describe('While Redis is away', () => {
  it('nothing leaves, except where there is no limit; then everything goes on', async () => {
    let away = true;
    let heard = 0;
    const slots = {
      ask: async (_: string, __: number, persons: readonly Wish[]) => {
        if (away) throw new Error('Connection is closed.');
        return persons.map(() => ({ slotInMs: 0 }));
      },
      pause: () => Promise.reject(new Error('Connection is closed.')),
    };
    const pace = new SharedPace(slots, () => {
      heard += 1;
    });
    await pace.slot('webchat', unlimited, 'browser', 'broadcast');
    const left: string[] = [];
    const limits = { ...unlimited, messagesPerSecond: 30 };
    const sent = Promise.all(
      ['anna', 'piotr'].map((to) => pace.slot('telegram', limits, to, 'person').then(() => left.push(to))),
    );
    pace.pause('telegram', 100);
    await until(() => heard >= 2);
    expect(left).toEqual([]);
    away = false;
    await sent;
    expect(left).toEqual(['anna', 'piotr']);
  });
});

const unlimited = new FakeChannel('telegram').capabilities;
const everySlot = (answers: readonly Answer[]) => answers.every(isSlot);

function raise(error: unknown): never {
  throw error;
}

const isSlot = (answer: Answer): answer is { slotInMs: number } => 'slotInMs' in answer;
const wish = (address: string): Wish => ({ address, intervalMs: 0, burst: 1 });
const many = (n: number, name: string) => Array.from({ length: n }, (_, i) => wish(`${name}${i}`));
