import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { confirmAnnouncement } from '../../core/announcements/confirm.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { sendAnnouncement } from '../../core/announcements/send.ts';
import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { Pace } from '../../core/deliveries/pace.ts';
import { settleInterrupted, sweep } from '../../core/deliveries/sweep.ts';
import { stopMember } from '../../core/members/stop.ts';
import { enqueue, type NewDelivery, sayToMember } from '../../core/outbox.ts';
import { changeAccount, findAccount } from '../../core/store/accounts.ts';
import { type Delivery, findDelivery } from '../../core/store/deliveries.ts';
import { claim } from '../../core/store/sending.ts';
import { literal } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce, mainOf, wordsOf } from './announcements-support.ts';
import { ManualTimer } from './manual-timer.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
});
afterEach(() => t.close());

const blocks = (words: string) => [{ type: 'text', text: literal(words) }] as const;
const say = (memberId: string, words: string) =>
  t.core.transaction((unit) => sayToMember(unit, memberId, blocks(words)));

async function put(delivery: Partial<NewDelivery> & Pick<NewDelivery, 'to'>): Promise<string> {
  const [id = ''] = await t.core.transaction((unit) =>
    enqueue(unit, [
      {
        subject: { kind: 'dialog', id: 'x' },
        content: { blocks: blocks('hello') },
        lane: 'person',
        ...delivery,
      },
    ]),
  );
  return id;
}

async function deliveryOf(id: string): Promise<Delivery> {
  const delivery = await findDelivery(t.database.db, id);
  if (!delivery) throw new Error('no such delivery');
  return delivery;
}

function dispatcherWith(troubles: ChannelError[] = [], pace?: Pace) {
  const adapters = new Map<ChannelName, ChannelAdapter>(
    Object.values(t.channels).map((channel) => [channel.name, channel]),
  );
  const timer = { wait: async (ms: number) => t.clock.advance(ms) };
  const report = { trouble: (_channel: ChannelName, error: ChannelError) => troubles.push(error) };
  return { adapters, dispatcher: new Dispatcher(t.core, adapters, pace ?? new Pace(t.clock, timer), report) };
}

describe('a messenger that refuses', () => {
  it('asked to wait it waits, and sends everything in the end, once', async () => {
    for (const id of ['a', 'b', 'c']) await addPerson(t, { id });
    t.channels.webchat.failures.push(
      new ChannelError('Throttled', '429', { retryAfterMs: 7000 }),
      new ChannelError('Throttled', '429', { retryAfterMs: 7000 }),
    );
    const id = await announce(t);
    const start = t.clock.now();
    await t.runUntil('2026-11-23T10:05:00Z');
    expect(t.channels.webchat.sent.map((s) => s.externalId).sort()).toEqual(['a', 'b', 'c']);
    const late = await Promise.all(['a', 'b', 'c'].map((m) => mainOf(t, id, m)));
    expect(late.filter((d) => (d.accepted_at ?? 0) >= start + 7000)).toHaveLength(2);
  });

  it('asked to wait it is sent nothing more, also not what stood at the gate', async () => {
    for (let i = 0; i < 30; i++) await addPerson(t, { id: `p${i}` });
    Object.assign(t.channels.webchat.capabilities, { messagesPerSecond: 20 });
    const timer = new ManualTimer(t.clock);
    const { dispatcher } = dispatcherWith([], new Pace(t.clock, timer));
    const ids = await announcedIds();
    const [calls, send] = [[] as number[], t.channels.webchat.send.bind(t.channels.webchat)];
    const start = t.clock.now();
    t.channels.webchat.send = async (...args) => {
      calls.push(t.clock.now() - start);
      if (calls.length === 3) throw new ChannelError('Throttled', '429', { retryAfterMs: 7000 });
      return send(...args);
    };
    await timer.until(dispatcher.deliver(ids, 'broadcast'));
    const [third = 0, fourth = 0] = calls.slice(2);
    expect(fourth - third).toBeGreaterThanOrEqual(7000);
    const waiting = (await Promise.all(ids.map(deliveryOf))).filter((d) => d.status === 'pending');
    expect(waiting.length).toBeGreaterThanOrEqual(1);
    expect(waiting.every((d) => d.attempts === 0)).toBe(true);
    t.clock.advance(10_000);
    await t.settle();
    expect((await Promise.all(ids.map(deliveryOf))).every((d) => d.status === 'accepted')).toBe(true);
    expect(t.channels.webchat.sent).toHaveLength(30);
  });

  it('never resends what may have arrived', async () => {
    await addPerson(t, { id: 'a' });
    t.channels.webchat.failures.push(new ChannelError('Unavailable', 'timeout', { maybeSent: true }));
    const id = await announce(t, { confirm: false });
    await t.runUntil('2026-12-23T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(0);
    expect((await mainOf(t, id, 'a')).status).toBe('unknown');
  });

  it('calls unknown what an adapter failed at without naming the failure', async () => {
    await addPerson(t, { id: 'a' });
    t.channels.webchat.send = async () => {
      throw new TypeError('bug');
    };
    const id = await announce(t);
    await t.settle();
    expect((await mainOf(t, id, 'a')).status).toBe('unknown');
  });

  it('moves to the next account when one is gone, and is unreachable after the last', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    t.channels.telegram.failures.push(new ChannelError('RecipientGone', 'blocked'));
    const first = await announce(t, { confirm: false });
    await t.settle();
    expect(await mainOf(t, first, 'a')).toMatchObject({ status: 'accepted', channel: 'webchat' });
    expect((await findAccount(t.database.db, 'a-telegram'))?.status).toBe('gone');
    t.channels.webchat.failures.push(new ChannelError('RecipientGone', 'blocked'));
    const second = await announce(t, { confirm: false });
    await t.settle();
    expect(await mainOf(t, second, 'a')).toMatchObject({ status: 'unreachable', reason: 'blocked' });
  });

  it('follows an address that moved', async () => {
    await addPerson(t, { id: 'a' });
    t.channels.webchat.failures.push(new ChannelError('RecipientGone', 'moved', { movedTo: 'a2' }));
    await announce(t, { confirm: false });
    await t.settle();
    expect(t.channels.webchat.to('a2')).toHaveLength(1);
  });

  it('misconfigured: nothing more leaves for a while, the operator hears, nothing is lost', async () => {
    await addPerson(t, { id: 'a' });
    const troubles: ChannelError[] = [];
    const { dispatcher } = dispatcherWith(troubles);
    t.channels.webchat.failures.push(new ChannelError('Misconfigured', '401'));
    const id = await put({ to: { memberId: 'a' } });
    await dispatcher.deliver([id], 'person');
    expect(troubles.map((e) => e.code)).toEqual(['Misconfigured']);
    expect((await deliveryOf(id)).status).toBe('pending');
    await t.runUntil('2026-11-23T10:01:00Z');
    expect((await deliveryOf(id)).status).toBe('accepted');
  });

  it('gives up what is unavailable for too long', async () => {
    await addPerson(t, { id: 'a' });
    const id = await announce(t, { confirm: false, urgent: true });
    for (let i = 0; i < 60; i++) t.channels.webchat.failures.push(new ChannelError('Unavailable', 'down'));
    await t.runUntil('2026-11-23T12:00:00Z');
    expect((await mainOf(t, id, 'a')).status).toBe('pending');
    await t.runUntil('2026-11-23T18:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'failed', reason: 'unavailable' });
  });
});

describe('a database that takes nothing for a while', () => {
  it('is told afterwards what became of what was sent meanwhile', async () => {
    await addPerson(t, { id: 'a' });
    const { dispatcher } = dispatcherWith();
    const id = await put({ to: { memberId: 'a' } });
    const real = t.core.transaction;
    let transactions = 0;
    const full = Object.assign(t.core, {
      transaction: (work: Parameters<typeof real>[0]) => {
        transactions += 1;
        if (transactions > 1) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
        return real(work);
      },
    });
    await expect(dispatcher.deliver([id], 'person')).rejects.toThrow('disk full');
    await expect(dispatcher.catchUp()).rejects.toThrow('disk full');
    full.transaction = real;
    await dispatcher.catchUp();
    expect((await deliveryOf(id)).status).toBe('accepted');
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });
});

describe('a broadcast of many waves whose database fails', () => {
  it('says so once, begins no more waves, and goes on when it is rung for again', async () => {
    Object.assign(t.channels.webchat.capabilities, { messagesPerSecond: 30 });
    const pace = new Pace(t.clock, { wait: async (ms) => t.clock.advance(ms) });
    const { dispatcher } = dispatcherWith([], pace);
    await addPerson(t, { id: 'a' });
    const ids = await Promise.all(
      Array.from({ length: 200 }, () => put({ to: { memberId: 'a' }, lane: 'broadcast' })),
    );
    const real = t.core.transaction;
    let transactions = 0;
    const full = Object.assign(t.core, {
      transaction: (work: Parameters<typeof real>[0]) => {
        transactions += 1;
        if (transactions === 1) return real(work);
        return Promise.reject(Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }));
      },
    });
    await expect(dispatcher.deliver(ids, 'broadcast')).rejects.toThrow('disk full');
    expect(transactions).toBeLessThan(6);
    full.transaction = real;
    await dispatcher.deliver(ids, 'broadcast');
    expect(t.channels.webchat.sent).toHaveLength(200);
  });
});

describe('a process that dies', () => {
  const dieBeforeRecording = async () => {
    const { dispatcher, adapters } = dispatcherWith();
    const real = t.core.transaction;
    let transactions = 0;
    const dying = Object.assign(t.core, {
      transaction: (work: Parameters<typeof real>[0]) => {
        transactions += 1;
        if (transactions === 2) throw new Error('killed');
        return real(work);
      },
    });
    const id = await put({ to: { memberId: 'a' } }).finally(() => {
      transactions = 0;
    });
    await expect(dispatcher.deliver([id], 'person')).rejects.toThrow('killed');
    dying.transaction = real;
    expect((await deliveryOf(id)).status).toBe('sending');
    return { id, adapters };
  };

  it('between sending and writing it down: unknown, listed, not resent', async () => {
    await addPerson(t, { id: 'a' });
    const { id, adapters } = await dieBeforeRecording();
    expect(await settleInterrupted(t.core, adapters, 0)).toBe(1);
    expect(await deliveryOf(id)).toMatchObject({ status: 'unknown', reason: 'interrupted' });
    await t.runUntil('2026-11-24T10:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it('is sent again where the messenger tells twins apart', async () => {
    await addPerson(t, { id: 'a' });
    Object.assign(t.channels.webchat.capabilities, { idempotentSend: true });
    const { id, adapters } = await dieBeforeRecording();
    await settleInterrupted(t.core, adapters, 0);
    await t.settle();
    expect((await deliveryOf(id)).status).toBe('accepted');
    const shown = new Set(t.channels.webchat.sent.map((s) => s.message.deliveryId));
    expect(shown.size).toBe(1);
  });

  it('while others run: their sends are left alone until the lease is over', async () => {
    await addPerson(t, { id: 'a' });
    const { id, adapters } = await dieBeforeRecording();
    expect(await settleInterrupted(t.core, adapters, 120_000)).toBe(0);
    t.clock.advance(120_001);
    expect(await settleInterrupted(t.core, adapters, 120_000)).toBe(1);
    expect((await deliveryOf(id)).status).toBe('unknown');
  });

  it('with every bell lost the sweep finds all that is due', async () => {
    for (let i = 0; i < 1200; i++) await addPerson(t, { id: `p${i}` });
    const id = await announce(t);
    await sendAnnouncement(t.core, id);
    await say('p7', 'for you');
    const signals = await sweep(t.core);
    const ids = signals.flatMap((s) => (s.kind === 'deliver' ? s.ids : []));
    expect(new Set(ids).size).toBe(1201);
    expect(signals.find((s) => s.kind === 'deliver')).toMatchObject({ lane: 'person' });
  });
});

describe('what a messenger that tells twins apart may have', () => {
  const noAnswer = new ChannelError('Unavailable', 'no answer', { maybeSent: true });
  /** Sent to the web chat, which did not answer; since then the person writes on Telegram. */
  const unanswered = async (...then: ChannelError[]) => {
    Object.assign(t.channels.webchat.capabilities, { idempotentSend: true });
    t.channels.webchat.failures.push(noAnswer, ...then);
    await addPerson(t, { id: 'a', accounts: ['telegram', 'webchat'] });
    const id = await announce(t);
    await t.settle();
    await changeAccount(t.database.db, 'a-telegram', { last_used_at: t.clock.now() + 10 });
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'pending', reason: 'noAnswer' });
    return id;
  };

  it('is sent there again, wherever its person writes now', async () => {
    const id = await unanswered(new ChannelError('Throttled', '429', { retryAfterMs: 1000 }));
    await t.runUntil('2026-11-23T11:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'accepted', channel: 'webchat' });
    expect(t.channels.telegram.sent).toHaveLength(0);
  });

  it('is not known when its person stops before that, and is counted so', async () => {
    const id = await unanswered();
    await t.core.transaction((unit) => stopMember(unit, 'a'));
    await t.runUntil('2026-11-23T11:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'unknown', reason: 'noAnswer' });
    expect((await announcementReport(t.database.db, id)).counts).toMatchObject({
      unknown: 1,
      unreachable: 0,
    });
  });

  it('is not known when the account is gone, and goes nowhere else', async () => {
    const id = await unanswered(new ChannelError('RecipientGone', 'gone'));
    await t.runUntil('2026-11-23T11:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'unknown', reason: 'noAnswer' });
    expect(t.channels.telegram.sent).toHaveLength(0);
  });

  it('is not known when it is refused at last', async () => {
    const id = await unanswered(new ChannelError('Rejected', 'refused'));
    await t.runUntil('2026-11-23T11:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'unknown', reason: 'noAnswer' });
  });

  it('is not known when it never answers', async () => {
    const id = await unanswered(...Array.from({ length: 60 }, () => noAnswer));
    await t.runUntil('2026-11-23T18:00:00Z');
    expect(await mainOf(t, id, 'a')).toMatchObject({ status: 'unknown', reason: 'noAnswer' });
  });
});

describe('order', () => {
  it('of what is said to one person is kept when the first has to wait', async () => {
    await addPerson(t, { id: 'a' });
    await addPerson(t, { id: 'b' });
    t.channels.webchat.failures.push(new ChannelError('Unavailable', 'down'));
    await say('a', 'one');
    await t.settle();
    await say('a', 'two');
    await say('b', 'other');
    await say('a', 'three');
    await t.settle();
    expect(t.channels.webchat.to('a')).toHaveLength(0);
    expect(t.channels.webchat.to('b')).toHaveLength(1);
    await t.runUntil('2026-11-23T10:01:00Z');
    expect(t.channels.webchat.to('a').flatMap(wordsOf)).toEqual(['one', 'two', 'three']);
  });

  it('is kept when the bells ring in another order', async () => {
    await addPerson(t, { id: 'a' });
    const { dispatcher } = dispatcherWith();
    const first = await put({ to: { memberId: 'a' }, content: { blocks: blocks('one') } });
    const second = await put({ to: { memberId: 'a' }, content: { blocks: blocks('two') } });
    await Promise.all([dispatcher.deliver([second], 'person'), dispatcher.deliver([first], 'person')]);
    expect(t.channels.webchat.to('a').flatMap(wordsOf)).toEqual(['one', 'two']);
  });

  it("a person's answer leaves before a waiting broadcast", async () => {
    for (let i = 0; i < 60; i++) await addPerson(t, { id: `p${i}` });
    await addPerson(t, { id: 'zoe' });
    Object.assign(t.channels.webchat.capabilities, { messagesPerSecond: 10 });
    const timer = new ManualTimer(t.clock);
    const pace = new Pace(t.clock, timer);
    const { dispatcher } = dispatcherWith([], pace);
    const ids = await announcedIds();
    const broadcast = dispatcher.deliver(ids, 'broadcast');
    const asked = personAsks(pace);
    const answering = dispatcher.deliver([await put({ to: { memberId: 'zoe' } })], 'person');
    await asked.at;
    await timer.until(asked.granted());
    await answering;
    const before = t.channels.webchat.sent.map((s) => s.externalId);
    expect(before).toContain('zoe');
    expect(before.length).toBeLessThanOrEqual(5);
    await timer.until(broadcast);
    expect(t.channels.webchat.sent).toHaveLength(62);
  });

  it('a slow messenger holds up no other', async () => {
    for (let i = 0; i < 40; i++) await addPerson(t, { id: `t${i}`, accounts: ['telegram'] });
    await addPerson(t, { id: 'web' });
    Object.assign(t.channels.telegram.capabilities, { messagesPerSecond: 1 });
    const timer = new ManualTimer(t.clock);
    const { dispatcher } = dispatcherWith([], new Pace(t.clock, timer));
    const broadcast = dispatcher.deliver(await announcedIds(), 'broadcast');
    await vi.waitFor(() => expect(t.channels.webchat.to('web')).toHaveLength(1));
    expect(t.channels.telegram.sent.length).toBeLessThanOrEqual(1);
    await timer.until(broadcast);
    expect(t.channels.telegram.sent).toHaveLength(40);
  });
});

async function announcedIds(): Promise<string[]> {
  await sendAnnouncement(t.core, await announce(t));
  return (await sweep(t.core)).flatMap((s) => (s.kind === 'deliver' ? s.ids : []));
}

/** When the next message of a person's own asks for its slot, and when it gets it. */
function personAsks(pace: Pace): { at: Promise<void>; granted: () => Promise<boolean> } {
  const slot = pace.slot.bind(pace);
  let granted: Promise<boolean> = Promise.resolve(false);
  const at = new Promise<void>((asked) => {
    pace.slot = (...args) => {
      const got = slot(...args);
      if (args[3] === 'person') {
        granted = got;
        asked();
      }
      return got;
    };
  });
  return { at, granted: () => granted };
}

it('A wave that takes long to send lets others have their turn before it is through', async () => {
  for (const id of ['a', 'b', 'c', 'd']) await addPerson(t, { id });
  let ms = 0;
  const order: string[] = [];
  vi.spyOn(performance, 'now').mockImplementation(() => ms);
  onTestFinished(() => void vi.restoreAllMocks());
  t.channels.webchat.failures.push(
    ...Array.from({ length: 4 }, () => (externalId: string) => {
      if (order.length === 0) setImmediate(() => order.push('somebody else'));
      ms += 0.6;
      order.push(externalId);
      return null;
    }),
  );
  await announce(t);
  await t.runUntil('2026-11-23T10:05:00Z');
  expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd', 'somebody else']);
  expect(order.indexOf('somebody else')).toBeLessThan(4);
});

describe('a bell', () => {
  it('rung many times at once sends once', async () => {
    for (let i = 0; i < 30; i++) await addPerson(t, { id: `p${i}` });
    const { dispatcher } = dispatcherWith();
    const id = await announce(t);
    await sendAnnouncement(t.core, id);
    const ids = (await sweep(t.core)).flatMap((s) => (s.kind === 'deliver' ? s.ids : []));
    await Promise.all([1, 2, 3].map(() => dispatcher.deliver(ids, 'broadcast')));
    const other = dispatcherWith().dispatcher;
    await Promise.all([dispatcher.deliver(ids, 'broadcast'), other.deliver(ids, 'broadcast')]);
    expect(t.channels.webchat.sent).toHaveLength(30);
  });

  it('rung in two processes at once sends once', async () => {
    for (let i = 0; i < 30; i++) await addPerson(t, { id: `p${i}` });
    const id = await announce(t);
    await sendAnnouncement(t.core, id);
    const ids = (await sweep(t.core)).flatMap((s) => (s.kind === 'deliver' ? s.ids : []));
    const both = [dispatcherWith().dispatcher, dispatcherWith().dispatcher];
    await Promise.all(both.map((d) => d.deliver(ids, 'broadcast')));
    expect(t.channels.webchat.sent).toHaveLength(30);
  });
});

describe('quiet hours', () => {
  it('hold what is quiet until the morning and let the rest pass', async () => {
    await addPerson(t, { id: 'a' });
    t.clock.set('2026-11-23T22:00:00Z');
    await put({ to: { memberId: 'a' }, quiet: true, content: { blocks: blocks('later') } });
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(0);
    await t.runUntil('2026-11-24T06:00:00Z');
    expect(t.channels.webchat.sent).toHaveLength(1);
    expect(t.clock.now()).toBe(Date.parse('2026-11-24T06:00:00Z'));
  });

  it('that begin while a message waits for its turn hold it too', async () => {
    const pace = new Pace(t.clock, { wait: async (ms) => t.clock.advance(ms) });
    const { dispatcher } = dispatcherWith([], pace);
    t.clock.advance(Date.parse('2026-11-23T18:45:00Z') - t.clock.now());
    await addPerson(t, { id: 'a' });
    const quiet = await put({ to: { memberId: 'a' }, quiet: true, lane: 'broadcast' });
    const urgent = await put({ to: { memberId: 'a' }, lane: 'broadcast' });
    pace.pause('webchat', 1_800_000);
    await dispatcher.deliver([quiet, urgent], 'broadcast');
    expect(t.channels.webchat.sent.map((s) => s.message.deliveryId)).toEqual([urgent]);
    const held = await deliveryOf(quiet);
    expect(held.status).toBe('pending');
    expect(new Date(held.not_before).toISOString()).toBe('2026-11-24T06:00:00.000Z');
  });
});

describe('a clock that is set back', () => {
  it('holds up nothing that was to leave at once', async () => {
    await addPerson(t, { id: 'a' });
    await say('a', 'at once');
    t.clock.advance(-3_600_000);
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it.each([
    ['was asked to wait for', new ChannelError('Throttled', '429', { retryAfterMs: 20_000 }), 'person'],
    ['a messenger that was down', new ChannelError('Unavailable', 'down'), 'person'],
    ['a broadcast was asked to wait for', new ChannelError('Throttled', '429'), 'broadcast'],
  ] as const)('holds up nothing that %s while it was ahead', async (_, error, lane) => {
    await addPerson(t, { id: 'a' });
    const right = t.clock.now();
    t.clock.advance(3_600_000);
    t.channels.webchat.failures.push(error);
    const id = await put({ to: { memberId: 'a' }, lane });
    await t.settle();
    expect((await deliveryOf(id)).status).toBe('pending');
    t.clock.set(new Date(right + 1000).toISOString());
    await t.settle();
    expect((await deliveryOf(id)).status).toBe('accepted');
  });

  it('holds up nothing until a morning that was thought near while it was ahead', async () => {
    await addPerson(t, { id: 'a' });
    t.clock.set('2026-11-23T19:30:00Z');
    const id = await put({ to: { memberId: 'a' }, quiet: true, lane: 'broadcast' });
    await t.settle();
    expect((await deliveryOf(id)).not_before).toBe(Date.parse('2026-11-24T06:00:00Z'));
    t.clock.set('2026-11-23T18:31:00Z');
    await t.settle();
    expect((await deliveryOf(id)).status).toBe('accepted');
  });

  it('leaves nothing being sent that a process died over while it was ahead', async () => {
    await addPerson(t, { id: 'a' });
    const { adapters } = dispatcherWith();
    const id = await put({ to: { memberId: 'a' } });
    const claims = [{ id, accountId: 'a-webchat', channel: 'webchat' }] as const;
    await t.core.transaction(({ db, now }) => claim(db, claims, now + 3_600_000, null));
    expect(await settleInterrupted(t.core, adapters, 120_000)).toBe(1);
    expect((await deliveryOf(id)).status).toBe('unknown');
  });
});

describe('a reply to a message', () => {
  it('points at it only on the account it stands on', async () => {
    await addPerson(t, { id: 'a', accounts: ['webchat', 'telegram'] });
    await put({
      to: { memberId: 'a', accountId: 'a-webchat' },
      replyTo: 'm1',
      subject: { kind: 'reply', id: 'r' },
    });
    await t.settle();
    expect(t.channels.webchat.to('a')[0]?.replyTo).toBe('m1');
    t.channels.webchat.failures.push(new ChannelError('RecipientGone', 'blocked'));
    await put({
      to: { memberId: 'a', accountId: 'a-webchat' },
      replyTo: 'm1',
      subject: { kind: 'reply', id: 'r' },
    });
    await t.settle();
    expect(t.channels.telegram.to('a')).toHaveLength(1);
    expect(t.channels.telegram.to('a')[0]?.replyTo).toBeUndefined();
  });
});

describe('an edit', () => {
  const failOnce = (error: ChannelError) => {
    const edit = t.channels.webchat.edit.bind(t.channels.webchat);
    let tries = 0;
    t.channels.webchat.edit = async (...args) => {
      tries += 1;
      if (tries === 1) throw error;
      return edit(...args);
    };
    return () => tries;
  };
  const confirmShown = async () => {
    await addPerson(t, { id: 'a' });
    const announcementId = await announce(t);
    await t.settle();
    return () => t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId, memberId: 'a' }));
  };
  const shown = () => wordsOf(t.channels.webchat.to('a')[0]);

  it.each(['Throttled', 'Unavailable', 'Misconfigured'] as const)(
    'refused as %s is tried again',
    async (code) => {
      const confirm = await confirmShown();
      failOnce(new ChannelError(code, 'x'));
      await confirm();
      await t.settle();
      expect(shown()).toContain('Przeczytane ✓ 11:00');
    },
  );

  it.each(['Rejected', 'RecipientGone'] as const)('refused as %s is not tried again', async (code) => {
    const confirm = await confirmShown();
    const tries = failOnce(new ChannelError(code, 'x'));
    await confirm();
    await t.settle();
    expect(tries()).toBe(1);
  });

  it('is not tried where the messenger cannot edit', async () => {
    const confirm = await confirmShown();
    Object.assign(t.channels.webchat.capabilities, { edit: false });
    const tries = failOnce(new ChannelError('Rejected', 'x'));
    await confirm();
    await t.settle();
    expect(tries()).toBe(0);
  });

  it('told to wait where edits are counted by themselves holds up no message', async () => {
    const confirm = await confirmShown();
    Object.assign(t.channels.webchat.capabilities, { editsPerMinute: 50 });
    failOnce(new ChannelError('Throttled', 'x', { retryAfterMs: 60_000 }));
    const { dispatcher } = dispatcherWith();
    await confirm();
    await dispatcher.edit(null, 'person');
    const before = t.clock.now();
    await dispatcher.deliver([await put({ to: { memberId: 'a' } })], 'person');
    expect(t.channels.webchat.to('a')).toHaveLength(2);
    expect(t.clock.now() - before).toBeLessThan(1000);
    await dispatcher.edit(null, 'broadcast');
    expect(shown()).toContain('Przeczytane ✓ 11:00');
    expect(t.clock.now() - before).toBeGreaterThan(50_000);
  });

  it('of what was pressed before the messenger’s answer was here is made at once', async () => {
    await addPerson(t, { id: 'a' });
    const announcementId = await announce(t);
    await t.settle();
    await t.database.db
      .updateTable('delivery')
      .set({ status: 'pending', external_message_id: null } as never)
      .execute();
    const [again = ''] = (await t.database.db.selectFrom('delivery').select('id').execute()).map((d) => d.id);
    const send = t.channels.webchat.send.bind(t.channels.webchat);
    t.channels.webchat.send = async (to, message) => {
      const sent = await send(to, message);
      await t.core.transaction((unit) => confirmAnnouncement(unit, { announcementId, memberId: 'a' }));
      return sent;
    };
    t.signals.length = 0;
    const { dispatcher } = dispatcherWith();
    await dispatcher.deliver([again], 'broadcast');
    expect(t.signals.filter((s) => s.kind === 'edit').at(-1)).toEqual({
      kind: 'edit',
      ids: [again],
      lane: 'person',
    });
    await dispatcher.edit([again], 'person');
    expect(wordsOf(t.channels.webchat.to('a').at(-1))).toContain('Przeczytane ✓ 11:00');
  });

  it('overtaken by a newer state is put right', async () => {
    const confirm = await confirmShown();
    const edit = t.channels.webchat.edit.bind(t.channels.webchat);
    const { dispatcher } = dispatcherWith();
    t.channels.webchat.edit = async (...args) => {
      t.channels.webchat.edit = edit;
      await confirm();
      await dispatcher.edit(null, 'person');
      await edit(...args);
    };
    await t.database.db.updateTable('delivery').set({ edit_wanted: 1 }).execute();
    await dispatcher.edit(null, 'broadcast');
    await t.settle();
    expect(shown()).toContain('Przeczytane ✓ 11:00');
  });
});

describe('closing', () => {
  it('begins no further wave of a broadcast and leaves the rest pending', async () => {
    for (let i = 0; i < 50; i++) await addPerson(t, { id: `p${i}` });
    Object.assign(t.channels.webchat.capabilities, { messagesPerSecond: 20 });
    const { dispatcher } = dispatcherWith();
    const id = await announce(t);
    await sendAnnouncement(t.core, id);
    const ids = (await sweep(t.core)).flatMap((s) => (s.kind === 'deliver' ? s.ids : []));
    const send = t.channels.webchat.send.bind(t.channels.webchat);
    t.channels.webchat.send = (...args) => {
      dispatcher.close();
      return send(...args);
    };
    await dispatcher.deliver(ids, 'broadcast');
    // Two at a time, four of such waves under way at most.
    expect(t.channels.webchat.sent.length).toBeLessThanOrEqual(10);
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(50);
  });

  it.each(['person', 'broadcast'] as const)(
    'waits out no long pause: what waits for a slot (%s) stays pending',
    async (lane) => {
      for (const id of ['a', 'b']) await addPerson(t, { id });
      const timer = { wait: (ms: number) => new Promise<void>((end) => void (ms < 2000 && end())) };
      const pace = new Pace(t.clock, timer);
      const { dispatcher } = dispatcherWith([], pace);
      const ids = [await put({ to: { memberId: 'a' }, lane }), await put({ to: { memberId: 'b' }, lane })];
      pace.pause('webchat', 3_600_000);
      const work = dispatcher.deliver(ids, lane);
      dispatcher.close();
      await work;
      expect(t.channels.webchat.sent).toHaveLength(0);
      expect((await Promise.all(ids.map(deliveryOf))).map((d) => d.status)).toEqual(['pending', 'pending']);
    },
  );
});
