import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelCapabilities } from '../../core/channels/channel-adapter.ts';
import { editLine, Pace, type PaceLine } from '../../core/deliveries/pace.ts';
import type { Lane } from '../../core/unit.ts';
import { FakeChannel, TestClock } from '../support/fakes.ts';
import { ManualTimer } from './manual-timer.ts';

function standing(
  limits: Partial<
    Pick<ChannelCapabilities, 'messagesPerSecond' | 'perAddressIntervalMs' | 'perAddressBurst'>
  >,
) {
  const clock = new TestClock('2026-11-23T10:00:00Z');
  const start = clock.now();
  const timer = new ManualTimer(clock);
  const pace = new Pace(clock, timer);
  const capabilities = {
    edit: true,
    idempotentSend: false,
    commandPrefix: '/',
    messagesPerSecond: 0,
    perAddressIntervalMs: 0,
    groups: null,
    directory: null,
    ...limits,
  };
  const left: { who: string; at: number }[] = [];
  const one = async (who: string, lane: 'person' | 'broadcast' = 'broadcast') => {
    await pace.slot('telegram', capabilities, who, lane);
    left.push({ who, at: clock.now() - start });
  };
  const slot = (...args: Parameters<typeof one>) => timer.until(one(...args));
  return { pace, capabilities, slot, left, clock, timer };
}

describe('a messenger without limits', () => {
  it('lets everything go at once', async () => {
    const { slot, left } = standing({});
    await Promise.all(['a', 'b', 'c'].map((who) => slot(who)));
    expect(left.map((l) => l.at)).toEqual([0, 0, 0]);
  });
});

describe('a rate', () => {
  it('is kept over any number of messages', async () => {
    const { slot, left } = standing({ messagesPerSecond: 10 });
    await Promise.all(Array.from({ length: 31 }, (_, i) => slot(`a${i}`)));
    expect(left.at(-1)?.at).toBeGreaterThanOrEqual(2900);
    expect(left.at(-1)?.at).toBeLessThan(3100);
  });

  it('begins evenly after a rest', async () => {
    const { slot, left, clock } = standing({ messagesPerSecond: 100 });
    await slot('yesterday');
    clock.advance(86_400_000);
    await Promise.all(['a', 'b', 'c'].map((who) => slot(who)));
    expect(left.slice(1).map(({ at }) => at - 86_400_000)).toEqual([0, 10, 20]);
  });

  it('is never exceeded in any second, whatever was late before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }),
        async (rate, pauses) => {
          const { slot, left, clock } = standing({ messagesPerSecond: rate });
          for (const pause of pauses) {
            await slot('a');
            clock.advance(pause);
          }
          for (const { at } of left) {
            const inOneSecond = left.filter((l) => l.at >= at && l.at < at + 1000);
            expect(inOneSecond.length).toBeLessThanOrEqual(rate);
          }
        },
      ),
    );
  });
});

describe('an interval per address', () => {
  it('spreads messages to one address and holds up no other', async () => {
    const { slot, left } = standing({ perAddressIntervalMs: 1000 });
    await Promise.all([slot('a'), slot('a'), slot('b')]);
    expect(left).toEqual([
      { who: 'a', at: 0 },
      { who: 'b', at: 0 },
      { who: 'a', at: 1000 },
    ]);
  });

  it('lets a burst go at once, after which the interval holds until the address was quiet again', async () => {
    const { slot, left, clock } = standing({ perAddressIntervalMs: 1000, perAddressBurst: 3 });
    await Promise.all(['a', 'a', 'a', 'a', 'a', 'b'].map((who) => slot(who)));
    const times = () => left.filter((l) => l.who === 'a').map((l) => l.at);
    expect(times()).toEqual([0, 0, 0, 1000, 2000]);
    clock.advance(2000);
    await Promise.all(['a', 'a', 'a'].map((who) => slot(who)));
    expect(times().slice(5)).toEqual([4000, 4000, 5000]);
    expect(left.find((l) => l.who === 'b')?.at).toBe(0);
  });
});

describe('a person', () => {
  it('overtakes a waiting broadcast', async () => {
    const { slot, left } = standing({ messagesPerSecond: 1 });
    await Promise.all([slot('a'), slot('b'), slot('c'), slot('me', 'person')]);
    expect(left.map((l) => l.who)).toEqual(['a', 'me', 'b', 'c']);
  });
});

describe('a person under a broadcast', () => {
  it('does not wait for the next even slot, and the broadcast makes up for it', async () => {
    const { slot, left } = standing({ messagesPerSecond: 10 });
    const waiting = Array.from({ length: 20 }, (_, i) => slot(`a${i}`));
    await Promise.all([...waiting, slot('me', 'person')]);
    expect(left.find((l) => l.who === 'me')?.at).toBe(0);
    expect(left.at(-1)?.at).toBeGreaterThanOrEqual(2000);
  });

  it('catches up with a tenth of a second of what was held up, however long that was', async () => {
    const { slot, left, timer, clock } = standing({ messagesPerSecond: 100 });
    const all = Array.from({ length: 60 }, (_, i) => slot(`a${i}`));
    const heldUp = timer.wait(200).then(() => clock.advance(300));
    await timer.until(Promise.all([heldUp, ...all]));
    expect(left.filter(({ at }) => at === 500)).toHaveLength(11);
  });

  it.each([
    ['that has begun', 970, 0],
    ['that was held up', 1330, 80],
  ])('waits for no gap in a broadcast %s', async (_, at, heldUpMs) => {
    const { slot, left, timer, clock } = standing({ messagesPerSecond: 500 });
    const all = Array.from({ length: 1200 }, (_message, i) => slot(`a${i}`));
    const heldUp = timer.wait(300).then(() => clock.advance(heldUpMs));
    const pressed = timer.wait(at).then(() => slot('me', 'person'));
    await timer.until(Promise.all([heldUp, pressed, ...all]));
    expect(left.find((l) => l.who === 'me')?.at).toBe(at);
    expect(left.at(-1)?.at).toBeLessThan(2420);
  });

  it('takes no more than a few slots ahead of it', async () => {
    const { slot, left } = standing({ messagesPerSecond: 10 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => slot(`p${i}`, 'person')));
    expect(left.filter((l) => l.at < 1000).length).toBeLessThanOrEqual(15);
  });
});

describe('a pause', () => {
  it('is obeyed by everything of that messenger and by no other', async () => {
    const { pace, slot, left, clock } = standing({});
    pace.pause('telegram', 5000);
    const rates = { messagesPerSecond: 0, perAddressIntervalMs: 0, commandPrefix: '/' };
    const other = { edit: true, idempotentSend: true, ...rates, groups: null, directory: null };
    const before = clock.now();
    await pace.slot('webchat', other, 'x', 'broadcast');
    expect(clock.now()).toBe(before);
    await Promise.all([slot('a'), slot('me', 'person')]);
    expect(left.map((l) => l.at)).toEqual([5000, 5000]);
  });

  it('is never shortened by a shorter one', async () => {
    const { pace, slot, left } = standing({});
    pace.pause('telegram', 5000);
    pace.pause('telegram', 100);
    await slot('a');
    expect(left).toEqual([{ who: 'a', at: 5000 }]);
  });
});

describe('the end', () => {
  it('gives broadcasts no slot any more, answers those that come soon, and keeps nobody longer', async () => {
    const { pace, capabilities, timer, clock } = standing({});
    const slot = (line: PaceLine, lane: Lane) => pace.slot(line, capabilities, 'anna', lane);
    const begun = clock.now();
    pace.pause('telegram', 1000);
    pace.pause('slack', 60_000);
    const asked = [slot('telegram', 'broadcast'), slot('telegram', 'person'), slot('slack', 'person')];
    pace.close();
    expect(await timer.until(Promise.all(asked))).toEqual([false, true, false]);
    expect(clock.now() - begun).toBeLessThan(2000);
    expect(await Promise.all([slot('slack', 'broadcast'), slot('slack', 'person')])).toEqual([false, false]);
  });
});

describe('edits', () => {
  const to = { channel: 'slack', external_id: 'anna' } as const;
  const slack = (editsPerMinute?: number) => {
    const channel = new FakeChannel('slack');
    Object.assign(channel.capabilities, { editsPerMinute });
    return channel;
  };

  it('wait in line with messages where the messenger counts them together', () => {
    const adapter = slack();
    const { line, address, limits } = editLine(adapter, to, { group_id: null });
    expect([line, address, limits]).toEqual(['slack', 'anna', adapter.capabilities]);
  });

  it('fill no minute over what the messenger takes, some of them at once', async () => {
    const clock = new TestClock('2026-11-23T10:00:00Z');
    const timer = new ManualTimer(clock);
    const pace = new Pace(clock, timer);
    const { line, address, limits } = editLine(slack(50), to, { group_id: null });
    const left: number[] = [];
    const one = () => pace.slot(line, limits, address, 'broadcast').then(() => left.push(clock.now()));
    await timer.until(Promise.all(Array.from({ length: 200 }, one)));
    const inMinuteFrom = (at: number) => left.filter((t) => t >= at && t < at + 60_000).length;
    const fullest = Math.max(...left.map(inMinuteFrom));
    expect(fullest).toBeGreaterThan(45);
    expect(fullest).toBeLessThanOrEqual(50);
    expect(left.filter((at) => at === left[0])).toHaveLength(10);
  });

  it('have no limit where messages have none', async () => {
    const { line, address, limits } = editLine(slack(0), to, { group_id: null });
    const { pace } = standing({});
    await Promise.all(Array.from({ length: 200 }, () => pace.slot(line, limits, address, 'broadcast')));
  });
});
