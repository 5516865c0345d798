import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertProcess, listProcesses, removeProcess, takeLease } from '../../core/store/processes.ts';
import { OperatorError } from '../../runtime/operator-error.ts';
import { Processes } from '../../runtime/processes.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { until } from '../support/until.ts';

const everyMs = 20;

let t: TestCore;
let entered: Processes[];
let ended: number[];

beforeEach(async () => {
  t = await openTestCore();
  entered = [];
  ended = [];
});
afterEach(async () => {
  for (const processes of entered) await processes.leave();
  await t.close();
});

const self = (id: string, pid: number) => ({
  ...{ id, pid, machine: 'here', roles: 'bots', secret_mark: 'same', started_at: pid },
});

/** A process at work; `tells` hears when it frees something. */
function process(id: string, pid = 1, tells: () => void = () => undefined) {
  const heard = { died: [] as string[], buried: 0 };
  const processes = new Processes({
    ...{ db: t.core.db, self: self(id, pid), everyMs, tell: tells, log: { warn: () => undefined } },
    messengers: () => '{}',
    hasEnded: (number) => ended.includes(number),
  });
  const start = async () => {
    await processes.enter(() => null);
    entered.push(processes);
    await processes.start({
      died: async (dead) => void heard.died.push(dead.id),
      buried: () => {
        heard.buried += 1;
      },
    });
    return processes;
  };
  return { processes, heard, start };
}

/** One that was killed: its row stands still. */
async function leftBehind(id: string, pid: number): Promise<void> {
  await insertProcess(t.core.db, { ...self(id, pid), beat: 0, messengers: '{}' });
  await takeLease(t.core.db, 'receive:telegram', id);
}

async function beatOf(id: string): Promise<number | undefined> {
  return (await listProcesses(t.core.db)).find((one) => one.id === id)?.beat;
}

describe('Processes on one database', () => {
  it('give a lease to one of them, and to the next at once when it stops', async () => {
    const second = process('b', 2);
    const first = process('a', 1, () => second.processes.nudge());
    await first.start();
    await second.start();
    const held: string[] = [];
    void first.processes.hold('sweep').then(() => held.push('a'));
    await until(() => held.length === 1);
    void second.processes.hold('sweep').then(() => held.push('b'));
    await second.processes.looked();
    expect(held).toEqual(['a']);
    entered.shift();
    await first.processes.leave();
    await second.processes.looked();
    expect(held).toEqual(['a', 'b']);
  });

  it('take over what one held whose beat stands still; one of them settles what it had in hand', async () => {
    await leftBehind('dead', 9);
    const living = [process('a', 1), process('b', 2), process('c', 3)];
    for (const one of living) await one.start();
    const held: string[] = [];
    for (const { processes } of living)
      void processes.hold('receive:telegram').then(() => held.push(processes.id));
    await until(() => held.length > 0);
    expect(held).toHaveLength(1);
    expect(living.flatMap(({ heard }) => heard.died)).toEqual(['dead']);
    await until(() => living.every(({ processes }) => processes.all.length === 3));
  });

  it('see at the next look that one of the same machine has ended', async () => {
    await leftBehind('dead', 9);
    ended = [9];
    const { heard, start } = process('a', 1);
    const processes = await start();
    expect(processes.others).toEqual([]);
    expect(heard.died).toEqual([]);
    await leftBehind('dead too', 9);
    processes.nudge();
    await processes.looked();
    expect(heard.died).toEqual(['dead too']);
  });

  it('are not taken for dead while their start takes long after they have entered', async () => {
    const { heard, start } = process('a', 1);
    const processes = await start();
    const slow = process('slow', 2);
    await slow.processes.enter(() => null);
    entered.push(slow.processes);
    // More looks than a silent one is given.
    for (let looks = 0; looks < 10; looks++) {
      const before = await beatOf('slow');
      await until(async () => (await beatOf('slow')) !== before);
      processes.nudge();
      await processes.looked();
    }
    await slow.processes.start({ died: async () => undefined, buried: () => undefined });
    expect(heard.died).toEqual([]);
    expect(processes.others.map(({ id }) => id)).toEqual(['slow']);
  });

  it('end when they were taken for dead', async () => {
    const { heard, start } = process('a', 1);
    await start();
    await removeProcess(t.core.db, 'a');
    await until(() => heard.buried === 1);
  });

  it('refuse to enter beside one alive that they would disturb, and outwait one that is dead', async () => {
    await leftBehind('dead', 9);
    const refusal = () => new OperatorError('another one works here');
    const first = process('a', 1);
    await first.processes.enter(refusal);
    entered.push(first.processes);
    await first.processes.start({ died: async () => undefined, buried: () => undefined });
    await expect(process('b', 2).processes.enter(refusal)).rejects.toThrow('another one works here');
    await until(() => first.processes.all.length === 1);
  });
});
