import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { Group } from '../../core/channels/inbound-event.ts';
import { listGroups } from '../../core/groups/group.ts';
import { watchGroups } from '../../runtime/group-watch.ts';
import { FakeChannel } from '../support/fakes.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

const minute = 60_000;
let test: TestCore;
let end: () => void;
let warnings: unknown[];

beforeEach(async () => {
  test = await openTestCore();
  warnings = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(async () => {
  end();
  vi.useRealTimers();
  await test.close();
});

/** A messenger that says these one after another when asked, the last for ever, and how often it was asked. */
function watched(...says: (readonly Group[] | null | Error)[]) {
  const channel = new FakeChannel('discord');
  let asked = 0;
  channel.groups = async () => {
    const said = says[Math.min(asked, says.length - 1)] ?? null;
    asked += 1;
    if (said instanceof Error) throw said;
    return said;
  };
  const adapters = new Map<ChannelName, FakeChannel>([['discord', channel]]);
  end = watchGroups(test.core, adapters, { warn: (...said: unknown[]) => void warnings.push(said) });
  return () => asked;
}

const titles = async () => (await listGroups(test.core.db)).map((g) => g.title);
const passes = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise(setImmediate);
};
const news = [{ externalId: '#1', title: '#wieści' }];

describe('the watch over groups', () => {
  it('asks again soon while a messenger just connected does not know its groups yet', async () => {
    const asked = watched(null, news);
    await passes(0);
    expect(await titles()).toEqual([]);
    await passes(10_000);
    expect(await titles()).toEqual(['#wieści']);
    await passes(9 * minute);
    expect(asked()).toBe(2);
    await passes(minute);
    expect(asked()).toBe(3);
  });

  it('asks less and less often where it is told nothing, and goes on after a fault', async () => {
    const asked = watched(null, new Error('the database is away'), null);
    await passes(minute);
    expect(asked()).toBe(3);
    await passes(60 * minute);
    expect(asked()).toBeLessThan(15);
    expect(warnings).toHaveLength(1);
  });
});
