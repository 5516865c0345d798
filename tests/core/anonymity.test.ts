import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { WebchatAdapter } from '../../bots/webchat/adapter.ts';
import { encodeAction } from '../../core/channels/action-token.ts';
import { takeEvent } from '../../core/inbox.ts';
import { reopenAnswer } from '../../core/polls/change.ts';
import { pollCsvRows } from '../../core/polls/csv.ts';
import { resultsByGroup } from '../../core/polls/groups.ts';
import { pollResults } from '../../core/polls/results.ts';
import { closePollNow, stopPoll } from '../../core/polls/steer.ts';
import { findDeliveryOf } from '../../core/store/deliveries.ts';
import { WebchatHub } from '../../runtime/webchat-hub.ts';
import { all } from '../support/all.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPeople, cast, minute, openPollNow, people, shownTo } from './polls-support.ts';

const onPostgres = process.env.WICI_TEST_POSTGRES !== undefined;
const open: TestCore[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

interface Given {
  readonly member: string;
  readonly values: readonly number[];
}

async function anonymousPoll(count: number, multiple = false): Promise<{ test: TestCore; id: string }> {
  const test = await openTestCore();
  return begun(test, count, multiple);
}

async function begun(test: TestCore, count: number, multiple: boolean) {
  open.push(test);
  await addPeople(test, people(count));
  const id = await openPollNow(test, { anonymous: true, multiple });
  return { test, id };
}

/**
 * The answers given in this order, three minutes apart, with everything worked off after each: cards are shown and edited
 * in real web chat transcripts, which stand in the database too.
 */
async function afterVotes(
  votes: readonly Given[],
  multiple = false,
): Promise<{ test: TestCore; dump: string; hub: WebchatHub }> {
  const hubs: WebchatHub[] = [];
  const opened = await openTestCore(undefined, (core) => {
    const hub = new WebchatHub(core);
    hubs.push(hub);
    return new WebchatAdapter(hub, 'https://wici.example.org');
  });
  const { test, id } = await begun(opened, 8, multiple);
  for (const { member, values } of votes) {
    test.clock.advance(3 * minute);
    await cast(test, id, member, ...values);
    await test.settle();
  }
  const [hub] = hubs;
  if (!hub) throw new Error('no web chat');
  return { test, dump: await dumpOf(test), hub };
}

/**
 * Every row of every table in the order the database keeps them, with SQLite's hidden row numbers (ballots have none). On
 * PostgreSQL sends run side by side, so messages get their ids and places in an order of chance.
 */
async function dumpOf({ database }: TestCore): Promise<string> {
  const tables = await database.db.introspection.getTables();
  const parts: string[] = [];
  for (const { name } of tables.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const hidden = database.kind === 'sqlite' && name !== 'ballot' ? sql`rowid as hidden_row,` : sql``;
    const { rows } = await sql`select ${hidden} * from ${sql.table(name)}`.execute(database.db);
    const lines = rows.map(line);
    const byChance = onPostgres && ['delivery', 'webchat_message'].includes(name);
    parts.push([name, ...(byChance ? lines.sort() : lines)].join('\n'));
  }
  return parts.join('\n\n');
}

function line(row: unknown): string {
  const all = JSON.stringify(row);
  return onPostgres ? all.replace(/("external_message_id"):"m\d+"/, '$1:null') : all;
}

async function sameDump(one: readonly Given[], other: readonly Given[], multiple = false): Promise<void> {
  const a = await afterVotes(one, multiple);
  const b = await afterVotes(other, multiple);
  expect(a.dump).toBe(b.dump);
  expect(a.test.signals).toEqual(b.test.signals);
}

describe('what stands in the database after an anonymous vote', () => {
  it('is the same whichever of two people gave which answer', async () => {
    await sameDump(
      [
        { member: 'm001', values: [0] },
        { member: 'm002', values: [1] },
      ],
      [
        { member: 'm001', values: [1] },
        { member: 'm002', values: [0] },
      ],
    );
  });

  it('is the same also when counts are shown in between: no transcript keeps them', async () => {
    const votes = [0, 1, 1, 0, 2, 0, 1].map((value, n) => ({ member: `m00${n + 1}`, values: [value] }));
    const dealt = [1, 0, 1, 0, 2, 1, 0].map((value, n) => ({ member: `m00${n + 1}`, values: [value] }));
    const { dump, hub } = await afterVotes(votes);
    expect((await afterVotes(dealt)).dump).toBe(dump);
    for (const member of ['m001', 'm006', 'm007']) {
      const [line] = await hub.page(`chat-${member}`, 5);
      expect(JSON.stringify(line)).toContain('3 głosy (43%)');
    }
    expect(dump).not.toContain('głosy');
  });

  // PostgreSQL keeps rows where they were written: their places tell who voted before whom.
  const unplaced = (dump: string) => (onPostgres ? dump.split('\n').sort().join('\n') : dump);

  it('is the same in whatever order they gave them', async () => {
    const first = { member: 'm001', values: [0] };
    const second = { member: 'm002', values: [1] };
    const third = { member: 'm003', values: [1] };
    const { dump } = await afterVotes([first, second, third]);
    const reversed = await afterVotes([third, second, first]);
    expect(unplaced(reversed.dump)).toBe(unplaced(dump));
  });

  it('depends on nothing but who voted and how often each option was chosen', async () => {
    const answer = fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 2, maxLength: 4 }).chain((answers) =>
          fc.record({
            answers: fc.constant(answers),
            dealt: fc.shuffledSubarray(answers, { minLength: answers.length }),
          }),
        ),
        async ({ answers, dealt }) => {
          const given = (list: readonly number[][]) =>
            list.map((values, n) => ({ member: `m00${n + 1}`, values }));
          await sameDump(given(answers), given(dealt), true);
          for (const test of open.splice(0)) await test.close();
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('has neither time nor answer beside the person', async () => {
    const { test } = await afterVotes([{ member: 'm002', values: [2] }]);
    const ballots = await test.core.db.selectFrom('ballot').selectAll().execute();
    expect(ballots).toEqual([
      { poll_id: expect.any(String), member_id: 'm002', options: null, voted_at: null },
    ]);
    const delivery = await findDeliveryOf(test.core.db, 'poll', ballots[0]?.poll_id ?? '', 'main', 'm002');
    expect(delivery?.confirmed_at).toBe(0);
    expect(delivery?.accepted_at).toBeLessThan(test.clock.now());
  });

  it.runIf(onPostgres)('leaves no transaction id that joins a ballot to an option', async () => {
    const { test } = await afterVotes([
      { member: 'm001', values: [0] },
      { member: 'm002', values: [1] },
    ]);
    const { rows } = await sql<{
      n: number;
    }>`select count(distinct xmin::text) as n from poll_option`.execute(test.core.db);
    expect(rows[0]?.n).toBe(1);
  });

  it('is the same by the whole way in: button, inbox, conversation', async () => {
    const pressed = async (answers: Readonly<Record<string, string>>) => {
      const { test, id } = await anonymousPoll(3);
      for (const [n, [member, value]] of Object.entries(answers).entries()) {
        test.clock.advance(minute);
        const delivery = await findDeliveryOf(test.core.db, 'poll', id, 'main', member);
        const data = encodeAction({ token: delivery?.token ?? '', id: 'vote', value });
        const [token = '', action = ''] = data.split(':');
        const taken = await takeEvent(test.core, {
          channel: 'webchat',
          externalId: `chat-${member}`,
          externalEventId: `press-${n}`,
          type: 'action',
          token,
          id: action,
          values: [value],
        });
        expect(taken).toEqual({});
        await test.settle();
      }
      const cards = Object.keys(answers).map((member) => shownTo(test, member));
      return { dump: await dumpOf(test), cards };
    };
    const one = await pressed({ m001: '0', m002: '1' });
    const other = await pressed({ m001: '1', m002: '0' });
    expect(one).toEqual(other);
    expect(one.cards[0]).toEqual([expect.stringContaining('Mamy Twoją odpowiedź.')]);
  });
});

describe('an anonymous vote', () => {
  it('is taken once: the second is refused kindly and counts nothing', async () => {
    const { test, id } = await anonymousPoll(2);
    await cast(test, id, 'm001', 0);
    const before = await dumpOf(test);
    await expect(cast(test, id, 'm001', 1)).rejects.toMatchObject({ key: 'polls:errors.alreadyVoted' });
    expect(await dumpOf(test)).toBe(before);
  });

  it('refused in a transaction that goes on leaves nothing behind', async () => {
    const { test, id } = await anonymousPoll(2);
    await cast(test, id, 'm001', 0);
    const before = await dumpOf(test);
    await test.core.transaction(async (unit) => {
      const delivery = await findDeliveryOf(unit.db, 'poll', id, 'main', 'm001');
      if (delivery) await expect(reopenAnswer(unit, delivery)).rejects.toThrow();
    });
    expect(await dumpOf(test)).toBe(before);
  });

  it('is promised to be so before it is given, and shown only as given after', async () => {
    const { test, id } = await anonymousPoll(2);
    expect(shownTo(test, 'm001')[0]).toContain(
      'Odpowiedzi są anonimowe: nikt, także zespół, nie zobaczy, co wybierasz.',
    );
    await cast(test, id, 'm001', 1);
    await test.settle();
    const [card = ''] = shownTo(test, 'm001');
    expect(card).toContain('Mamy Twoją odpowiedź.');
    expect(card).not.toMatch(/Zdalnie|\[|\(0\)/);
  });
});

describe('counts of an anonymous poll', () => {
  const voteOf = async (test: TestCore, id: string, count: number) => {
    for (let n = 1; n <= count; n++) await cast(test, id, `m${String(n).padStart(3, '0')}`, n % 2);
    await test.settle();
  };

  it('are shown to nobody until the smallest group has voted', async () => {
    const { test, id } = await anonymousPoll(8);
    await voteOf(test, id, 4);
    expect(await pollResults(test.core.db, id)).toMatchObject({
      asked: 8,
      voted: 4,
      hidden: 'smallGroup',
      options: [{ votes: null }, { votes: null }, { votes: null }],
    });
    expect(shownTo(test, 'm001')[0]).toContain('Wyniki pokażemy, gdy zagłosuje co najmniej 5 osób.');
    expect((await all(pollCsvRows(test.core.db, id, 'pl'))).map((r) => r.votes)).toEqual(['', '', '']);
  });

  it('are shown from then on, also to those who voted before', async () => {
    const { test, id } = await anonymousPoll(8);
    await voteOf(test, id, 5);
    const { hidden, options } = await pollResults(test.core.db, id);
    expect([hidden, ...options.map((o) => o.votes)]).toEqual([undefined, 2, 3, 0]);
    for (const member of ['m001', 'm005']) {
      expect(shownTo(test, member)[0]).toContain('Sala: 2 głosy (40%)\nZdalnie: 3 głosy (60%)');
    }
    expect(shownTo(test, 'm006')[0]).not.toContain('%');
    expect((await all(pollCsvRows(test.core.db, id, 'pl'))).map((r) => r.votes)).toEqual([2, 3, 0]);
  });

  it.each(['afterClose', 'never'] as const)(
    'stay with staff while it is open when shown %s',
    async (when) => {
      const test = await openTestCore();
      open.push(test);
      await addPeople(test, people(8));
      const id = await openPollNow(test, { anonymous: true, showResults: when });
      await voteOf(test, id, 6);
      expect(await pollResults(test.core.db, id)).not.toHaveProperty('hidden');
      expect(shownTo(test, 'm001')[0]).not.toContain('%');
    },
  );

  it('are shown after closing, without anybody’s name', async () => {
    const { test, id } = await anonymousPoll(8);
    await voteOf(test, id, 7);
    await test.core.transaction((unit) => closePollNow(unit, id));
    await test.settle();
    const { options, hidden } = await pollResults(test.core.db, id);
    expect([hidden, ...options.map((o) => o.votes)]).toEqual([undefined, 3, 4, 0]);
    const rows = await all(pollCsvRows(test.core.db, id, 'pl'));
    expect(rows.map((r) => [r.row, r.votes, r.person, r.votedAt])).toEqual([
      ['option', 3, '', ''],
      ['option', 4, '', ''],
      ['option', 0, '', ''],
    ]);
    expect(await resultsByGroup(test.core.db, id, 'branch')).toEqual([]);
    expect(shownTo(test, 'm001')[1]).toContain('Zdalnie: 4 głosy (57%)');
  });

  it.each([
    ['closed', closePollNow],
    ['stopped', stopPoll],
  ])('are never shown of fewer people than the smallest group, %s or not', async (_how, end) => {
    const { test, id } = await anonymousPoll(8);
    await voteOf(test, id, 4);
    await test.core.transaction((unit) => end(unit, id));
    await test.settle();
    expect(await pollResults(test.core.db, id)).toMatchObject({
      voted: 4,
      hidden: 'smallGroup',
      options: [{ votes: null }, { votes: null }, { votes: null }],
    });
    expect(await test.core.db.selectFrom('attachment').select('id').execute()).toEqual([]);
    expect(shownTo(test, 'm001').join('\n')).not.toContain('%');
  });
});
