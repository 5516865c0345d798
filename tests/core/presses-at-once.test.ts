import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement, undoConfirmation } from '../../core/announcements/confirm.ts';
import { takeEvent } from '../../core/inbox.ts';
import { vote } from '../../core/polls/vote.ts';
import { figuresOf } from '../../core/store/counts.ts';
import { findDeliveryOf } from '../../core/store/deliveries.ts';
import { ballotsBy, optionsOf } from '../../core/store/polls.ts';
import { acceptDeliveries, claim } from '../../core/store/sending.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { announce } from './announcements-support.ts';
import { addPeople, cast, openPollNow, people } from './polls-support.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
  await addPeople(t, people(1));
});
afterEach(() => t.close());

const mainOf = async (kind: 'announcement' | 'poll', id: string) => {
  const main = await findDeliveryOf(t.core.db, kind, id, 'main', 'm001');
  if (!main) throw new Error('not sent');
  return main;
};

/** Each in a transaction of its own, all at once. */
const atOnce = (works: readonly ((unit: Unit) => Promise<unknown>)[]) =>
  Promise.allSettled(works.map((work) => t.core.transaction(work)));

describe('Presses of one card that all read it before any was counted', () => {
  it('confirm once, and take it back once', async () => {
    const id = await announce(t);
    await t.settle();
    const card = await mainOf('announcement', id);
    const confirming = Array.from({ length: 4 }, () => (unit: Unit) => confirmAnnouncement(unit, card));
    await atOnce(confirming);
    expect(await figuresOf(t.core.db, 'announcement', id)).toMatchObject({ confirmed: 1, unconfirmed: 0 });
    const confirmed = await mainOf('announcement', id);
    const undoing = Array.from({ length: 4 }, () => (unit: Unit) => undoConfirmation(unit, confirmed));
    await atOnce(undoing);
    expect(await figuresOf(t.core.db, 'announcement', id)).toMatchObject({ confirmed: 0, unconfirmed: 1 });
  });

  it.each([true, false])('vote once (anonymous: %s)', async (anonymous) => {
    const pollId = await openPollNow(t, { anonymous });
    const card = await mainOf('poll', pollId);
    const voting = [0, 1, 2, 0].map(
      (value) => (unit: Unit) => vote(unit, { pollId, memberId: 'm001', values: [value], card }),
    );
    await atOnce(voting);
    const votes = (await optionsOf(t.core.db, pollId)).reduce((sum, option) => sum + option.votes, 0);
    const { voted } = await figuresOf(t.core.db, 'poll', pollId);
    const ballots = await ballotsBy(t.core.db, pollId, ['m001']);
    expect([votes, voted, ballots.length]).toEqual([1, 1, 1]);
  });
});

/** Until somebody waits for a row another holds; where one transaction follows another nobody can tell. */
async function somebodyWaits(): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while (t.database.kind === 'postgres' && (await waiting.execute(t.core.db)).rows.length === 0);
}

function aMoment() {
  let resolve = () => {};
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}

it('A card that leaves, still asking, while its person votes elsewhere shows the answer once it is there', async () => {
  const pollId = await openPollNow(t);
  const { id } = await mainOf('poll', pollId);
  await sql`update delivery set status = 'pending', external_message_id = null`.execute(t.core.db);
  const claimed = aMoment();
  const left = aMoment();
  const sending = t.core.transaction(async ({ db, now }) => {
    await claim(db, [{ id, accountId: 'account-m001', channel: 'webchat' }], now, null);
    claimed.resolve();
    await left.promise;
  });
  await claimed.promise;
  const voting = cast(t, pollId, 'm001', 1);
  await somebodyWaits();
  left.resolve();
  await Promise.all([sending, voting]);
  const accepted = [{ id, externalMessageId: 'there' }];
  expect(await acceptDeliveries(t.core.db, accepted, t.clock.now())).toEqual([id]);
});

it('A reply written before the platform said under which number the message stands is the reply to what is on its way', async () => {
  const id = await announce(t);
  await t.settle();
  const main = await mainOf('announcement', id);
  await sql`update delivery set status = 'sending', external_message_id = null where id = ${main.id}`.execute(
    t.core.db,
  );
  await takeEvent(t.core, {
    ...{ type: 'text', channel: 'webchat', externalId: 'chat-m001', externalEventId: 'reply' },
    ...{ text: 'A schody?', replyTo: 'not-known-yet' },
  });
  expect(await figuresOf(t.core.db, 'announcement', id)).toMatchObject({ replies: 1 });
});
