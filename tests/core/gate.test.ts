import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate, TurnedBack } from '../../core/deliveries/gate.ts';
import type { Lane } from '../../core/unit.ts';
import { TestClock } from '../support/fakes.ts';
import { ManualTimer } from './manual-timer.ts';

/** A messenger so many milliseconds away, there and back. */
function standing() {
  const clock = new TestClock('2026-11-23T10:00:00Z');
  const start = clock.now();
  const timer = new ManualTimer(clock);
  const gate = new Gate(clock, timer);
  const left: number[] = [];
  const arrived: number[] = [];
  const send = (perSecond: number, thereMs = 0, backMs = 0, lane: Lane = 'broadcast') =>
    gate.pass('telegram', perSecond, lane, async () => {
      left.push(clock.now() - start);
      if (thereMs > 0) await timer.wait(thereMs);
      arrived.push(clock.now() - start);
      if (backMs > 0) await timer.wait(backMs);
    });
  return { clock, timer, gate, left, arrived, send };
}

const most = (arrived: readonly number[]) =>
  Math.max(...arrived.map((at) => arrived.filter((other) => other >= at && other < at + 1000).length));

describe('What leaves for a messenger with a limit', () => {
  it('never arrives closer together than the limit allows, however unevenly it travels and was held up before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 30 }),
        fc.array(fc.record({ heldUpMs: fc.nat(90), lateMs: fc.nat(120) }), { minLength: 30, maxLength: 80 }),
        async (perSecond, messages) => {
          const { timer, arrived, send } = standing();
          // The first one shows how short the way is, which is remembered for as long as this takes.
          await timer.until(send(perSecond, 3, 2));
          const under: Promise<void>[] = [];
          for (const { heldUpMs, lateMs } of messages) {
            await timer.until(timer.wait(heldUpMs));
            under.push(send(perSecond, 3 + lateMs, 2));
          }
          await timer.until(Promise.all(under));
          expect(arrived).toHaveLength(messages.length + 1);
          expect(most(arrived)).toBeLessThanOrEqual(perSecond);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('uses the whole limit while answers take equally long, however long', async () => {
    const { timer, left, send } = standing();
    await timer.until(Promise.all(Array.from({ length: 61 }, () => send(20, 40, 40))));
    expect(left.at(-1)).toBeLessThanOrEqual(3010);
  });

  it('waits for no answer that does not come', async () => {
    const { timer, left, send } = standing();
    await timer.until(Promise.all(Array.from({ length: 3 }, () => send(1, 60_000))));
    expect(left).toEqual([0, 1252, 2504]);
  });

  it('lets a person’s go before the broadcasts that wait', async () => {
    const { timer, send } = standing();
    const order: string[] = [];
    const named = (name: string, lane: Lane) => send(1, 0, 0, lane).then(() => order.push(name));
    await timer.until(
      Promise.all([named('a', 'broadcast'), named('b', 'broadcast'), named('Anna', 'person')]),
    );
    expect(order).toEqual(['a', 'Anna', 'b']);
  });

  it('is turned back when its messenger asks to wait, and as long as that lasts', async () => {
    const { timer, clock, gate, left, send } = standing();
    await timer.until(send(1));
    const standingThere = [send(1), send(1, 0, 0, 'person')];
    gate.pause('telegram', 5000);
    gate.pause('telegram', 100);
    for (const turned of [...standingThere, send(1), send(0)])
      await expect(turned).rejects.toEqual(new TurnedBack(5000));
    await timer.until(gate.pass('slack', 1, 'person', async () => undefined));
    clock.advance(5000);
    await timer.until(send(1));
    expect(left).toEqual([0, 5000]);
  });

  it('fails as its sending failed, and its place is free again', async () => {
    const { timer, left, send, clock } = standing();
    const gate = new Gate(clock, timer);
    const refused = gate.pass('telegram', 1, 'person', async () => {
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    await timer.until(send(1));
    expect(left).toEqual([0]);
  });

  it('fails alone although its sending throws where it should have refused', async () => {
    const { timer, clock } = standing();
    const gate = new Gate(clock, timer);
    const pass = (send: () => Promise<string>) => gate.pass('telegram', 1, 'person', send);
    const thrown = () => {
      throw new Error('no messenger');
    };
    const results = Promise.allSettled([pass(async () => 'first'), pass(thrown), pass(async () => 'third')]);
    const statuses = (await timer.until(results)).map((r) => r.status);
    expect(statuses).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

it('A place is kept for a person where broadcasts would have all of the second', async () => {
  const { clock, timer, left, send } = standing();
  const start = clock.now();
  const all = Array.from({ length: 600 }, () => send(500));
  let passed = 0;
  const pressed = timer
    .wait(900)
    .then(() => send(500, 0, 0, 'person'))
    .then(() => {
      passed = clock.now() - start;
    });
  await timer.until(Promise.all([pressed, ...all]));
  expect(passed).toBe(900);
  expect(left.filter((at) => at < 1000)).toHaveLength(500);
});

it('A place kept for persons is free once, however late the message is that had it', async () => {
  const { timer, arrived, send } = standing();
  const later = (ms: number, work: () => Promise<void>[]) => timer.wait(ms).then(() => Promise.all(work()));
  const many = (count: number, thereMs: number, lane: Lane = 'broadcast') =>
    Array.from({ length: count }, () => send(1000, thereMs, 0, lane));
  await timer.until(
    Promise.all([
      ...many(2, 200),
      ...many(2, 1),
      later(25, () => many(994, 1)),
      later(900, () => many(2, 1, 'person')),
      later(1002, () => many(2, 1)),
      later(1008, () => many(2, 1, 'person')),
    ]),
  );
  expect(arrived).toHaveLength(1004);
  expect(most(arrived)).toBeLessThanOrEqual(1000);
});

describe('What leaves for a messenger without a limit', () => {
  it('leaves at once, however much it is', async () => {
    const { timer, left, send } = standing();
    await timer.until(Promise.all(Array.from({ length: 300 }, () => send(0, 5, 5))));
    expect(left).toEqual(Array.from({ length: 300 }, () => 0));
  });

  it('makes room for whoever presses there: for a second few of a broadcast are under way, and persons’ pass', async () => {
    const { timer, left, send } = standing();
    await timer.until(send(0, 0, 0, 'person'));
    const all = Array.from({ length: 12 }, () => send(0, 50, 50));
    await timer.until(send(0, 1, 0, 'person'));
    expect(left).toHaveLength(6);
    await timer.until(Promise.all(all));
    expect(left).toHaveLength(14);
    expect(left.at(-1)).toBe(200);
  });

  it('all leaves once nobody has pressed for a second', async () => {
    const { timer, left, send } = standing();
    await timer.until(send(0, 0, 0, 'person'));
    const all = Array.from({ length: 40 }, () => send(0, 600, 600));
    await timer.until(Promise.all(all));
    expect(left.slice(5)).toEqual(Array.from({ length: 36 }, () => 1000));
  });

  it('goes on after what failed, and is turned back by a pause also while it makes room', async () => {
    const { timer, gate, left, send } = standing();
    await timer.until(send(0, 0, 0, 'person'));
    const failing = Array.from({ length: 4 }, () =>
      gate.pass('telegram', 0, 'broadcast', () => Promise.reject(new Error('refused'))),
    );
    const next = send(0);
    const refused = await timer.until(Promise.allSettled(failing));
    expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
    await timer.until(next);
    expect(left).toHaveLength(2);
    const under = Array.from({ length: 4 }, () => send(0, 500));
    const waiting = send(0);
    gate.pause('telegram', 5000);
    await expect(waiting).rejects.toBeInstanceOf(TurnedBack);
    await timer.until(Promise.all(under));
  });
});
