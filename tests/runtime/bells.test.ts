import { describe, expect, it, onTestFinished } from 'vitest';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { Pace } from '../../core/deliveries/pace.ts';
import { newMember } from '../../core/members/member.ts';
import { enqueue } from '../../core/outbox.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { findDelivery } from '../../core/store/deliveries.ts';
import { insertMembers } from '../../core/store/members.ts';
import { literal } from '../../core/text.ts';
import type { Lane, Signal } from '../../core/unit.ts';
import { Bells } from '../../runtime/bells.ts';
import { openTestCore } from '../support/test-core.ts';

/** Bells over a real core and messengers in memory; the queue is what the test says it is. */
async function ringing() {
  const test = await openTestCore();
  onTestFinished(() => test.close());
  const { core, channels, clock } = test;
  const member = await insertReachable(test);
  const adapters = new Map(Object.values(channels).map((c) => [c.name, c]));
  const pace = new Pace(clock, { wait: async (ms) => clock.advance(ms) });
  const dispatcher = new Dispatcher(core, adapters, pace, { trouble: () => undefined });
  const queue = { rung: [] as Signal[], idle: true, away: false };
  const published: string[] = [];
  const warnings: string[] = [];
  const answer = <T>(value: T) => (queue.away ? Promise.reject(new Error('away')) : Promise.resolve(value));
  const bells = new Bells({
    core,
    dispatcher,
    queues: {
      ring: (signals) => answer(undefined).then(() => void queue.rung.push(...signals)),
      idle: () => answer(queue.idle),
    },
    publish: (topic) => published.push(topic),
    log: { warn: (_: object, message: string) => warnings.push(message), debug: () => undefined } as never,
  });
  /** Units of work ring these bells from now on. */
  const connect = () => {
    test.hear = (signals) => bells.hear(signals);
  };
  const say = async (lane: Lane) => {
    const [id] = await core.transaction((unit) =>
      enqueue(unit, [
        {
          to: { memberId: member },
          subject: { kind: 'dialog', id: member },
          content: { blocks: [{ type: 'text', text: literal('Dzień dobry') }] },
          lane,
        },
      ]),
    );
    return String(id);
  };
  return { ...test, connect, bells, dispatcher, queue, published, warnings, say };
}

async function insertReachable({ core, clock }: Awaited<ReturnType<typeof openTestCore>>): Promise<string> {
  const id = core.ids.next();
  const person = {
    name: 'Anna Przykład',
    name_folded: 'anna przyklad',
    role: 'member',
    language: 'pl',
  } as const;
  await insertMembers(core.db, [newMember({ now: clock.now() }, id, { ...person, status: 'active' })]);
  await insertAccounts(core.db, [
    {
      id: core.ids.next(),
      channel: 'telegram',
      external_id: '1001',
      member_id: id,
      status: 'open',
      gone_reason: null,
      display_name: null,
      language: 'pl',
      last_used_at: clock.now(),
      created_at: clock.now(),
    },
  ]);
  return id;
}

describe('What a unit of work rang', () => {
  it('for a person is sent at once, without the queue', async () => {
    const { bells, say, queue, channels } = await ringing();
    queue.away = true;
    bells.hear([{ kind: 'deliver', ids: [await say('person')], lane: 'person' }]);
    await bells.drain();
    expect(channels.telegram.sent).toHaveLength(1);
  });

  it('for a broadcast goes over the queue', async () => {
    const { bells, say, queue, channels } = await ringing();
    const signal: Signal = { kind: 'deliver', ids: [await say('broadcast')], lane: 'broadcast' };
    bells.hear([signal]);
    await bells.drain();
    expect(queue.rung).toEqual([signal]);
    expect(channels.telegram.sent).toHaveLength(0);
  });

  it('about a change reaches the live pages', async () => {
    const { bells, published } = await ringing();
    bells.hear([{ kind: 'changed', topic: 'inbox' }]);
    expect(published).toEqual(['inbox']);
  });
});

describe('The sweep', () => {
  it('sends what a person is still owed', async () => {
    const { bells, say, channels } = await ringing();
    await say('person');
    await bells.sweep();
    await bells.drain();
    expect(channels.telegram.sent).toHaveLength(1);
  });

  it('rings again for a broadcast an idle queue has forgotten, and leaves a busy queue alone', async () => {
    const { bells, say, queue } = await ringing();
    const id = await say('broadcast');
    queue.idle = false;
    await bells.sweep();
    expect(queue.rung).toEqual([]);
    queue.idle = true;
    await bells.sweep();
    expect(queue.rung).toEqual([{ kind: 'deliver', ids: [id], lane: 'broadcast' }]);
  });

  it('rings for what was asked to wait as soon as that is over, once, although the queue is busy', async () => {
    const { bells, say, queue, channels, clock, dispatcher, connect } = await ringing();
    channels.telegram.failures.push(new ChannelError('Throttled', '429', { retryAfterMs: 7000 }));
    const id = await say('broadcast');
    await dispatcher.deliver([id], 'broadcast');
    connect();
    queue.idle = false;
    await bells.sweep();
    expect(queue.rung).toEqual([]);
    clock.advance(7000);
    await bells.sweep();
    await bells.sweep();
    await bells.drain();
    expect(queue.rung).toEqual([{ kind: 'deliver', ids: [id], lane: 'broadcast', again: true }]);
  });

  it('does the queue’s work while it is away, and says so once', async () => {
    const { bells, say, queue, channels, core, warnings } = await ringing();
    const id = await say('broadcast');
    queue.away = true;
    bells.hear([{ kind: 'deliver', ids: [id], lane: 'broadcast' }]);
    await bells.drain();
    expect(channels.telegram.sent).toHaveLength(0);
    await bells.sweep();
    await bells.drain();
    expect(channels.telegram.sent).toHaveLength(1);
    expect((await findDelivery(core.db, id))?.status).toBe('accepted');
    expect(warnings.filter((w) => w.includes('the queue'))).toHaveLength(1);
  });

  it('does not take what is being sent already', async () => {
    const { bells, say, channels } = await ringing();
    bells.hear([{ kind: 'deliver', ids: [await say('person')], lane: 'person' }]);
    await bells.sweep();
    await bells.drain();
    expect(channels.telegram.sent).toHaveLength(1);
  });
});
