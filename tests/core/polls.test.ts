import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDueMoment } from '../../core/moments.ts';
import { reopenAnswer } from '../../core/polls/change.ts';
import { createPoll } from '../../core/polls/create.ts';
import { listPolls } from '../../core/polls/list.ts';
import type { PollDraft } from '../../core/polls/poll.ts';
import { previewPoll } from '../../core/polls/preview.ts';
import { pollResults } from '../../core/polls/results.ts';
import { openPollsFor, showPoll } from '../../core/polls/show.ts';
import { closePollNow, pausePoll, resumePoll, stopPoll } from '../../core/polls/steer.ts';
import { findDeliveryOf } from '../../core/store/deliveries.ts';
import { openMomentsOf } from '../../core/store/due-moments.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPeople, cast, draftOf, hour, minute, openPollNow, people, shownTo } from './polls-support.ts';

let test: TestCore;

beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

const refusal = (key: string, field?: string) =>
  expect.objectContaining(field === undefined ? { key } : { key, field });

describe('a draft', () => {
  const wrong: [string, Partial<PollDraft>, string, string][] = [
    ['no question', { question: {} }, 'polls:errors.noQuestion', 'question'],
    ['a blank question', { question: { pl: '  \n ' } }, 'polls:errors.noQuestion', 'question'],
    [
      'a question of 301 characters',
      { question: { pl: 'ą'.repeat(301), en: 'x' } },
      'polls:errors.questionTooLong',
      'question.pl',
    ],
    ['one option', { options: [{ pl: 'Tak', en: 'Yes' }] }, 'polls:errors.optionCount', 'options'],
    [
      '21 options',
      { options: Array.from({ length: 21 }, (_, n) => ({ pl: `O${n}`, en: `O${n}` })) },
      'polls:errors.optionCount',
      'options',
    ],
    [
      'an empty option',
      { options: [{ pl: 'Tak', en: 'Yes' }, { pl: '' }] },
      'polls:errors.noLabel',
      'options.1',
    ],
    [
      'an option of 101 characters',
      {
        options: [
          { pl: 'Tak', en: 'Yes' },
          { pl: 'Nie', en: 'n'.repeat(101) },
        ],
      },
      'polls:errors.optionTooLong',
      'options.1.en',
    ],
    [
      'the same option twice but for case and blanks',
      {
        options: [
          { pl: 'Tak, wolę', en: 'Yes' },
          { pl: ' TAK,  Wolę ', en: 'Also yes' },
        ],
      },
      'polls:errors.optionTwice',
      'options.1.pl',
    ],
    [
      'a label missing in one language',
      { options: [{ pl: 'Tak', en: 'Yes' }, { pl: 'Nie' }] },
      'polls:errors.parity',
      'options.1',
    ],
    [
      'a date that differs between the languages',
      { question: { pl: 'Czy pasuje 23 listopada 2026?', en: 'Does 24 November 2026 suit you?' } },
      'polls:errors.parity',
      'question',
    ],
    [
      'closing in the past',
      { closesAt: Date.parse('2026-11-23T09:00:00Z') },
      'polls:errors.closesInPast',
      'closesAt',
    ],
    [
      'closing before opening',
      { opensAt: Date.parse('2026-11-24T10:00:00Z') },
      'polls:errors.closesBeforeOpens',
      'closesAt',
    ],
    ['no moment of closing', { closesAt: Number.NaN }, 'polls:errors.closesInPast', 'closesAt'],
    [
      'reminders every 0 hours',
      { reminders: { count: 1, everyHours: 0 } },
      'polls:errors.reminders',
      'reminders',
    ],
    ['99 reminders', { reminders: { count: 99, everyHours: 1 } }, 'polls:errors.reminders', 'reminders'],
    [
      'a branch there is not',
      { audience: { branches: ['nowhere'] } },
      'announcements:errors.audienceUnknown',
      'audience.branches',
    ],
  ];

  it.each(wrong)('with %s is refused, naming the field', async (_what, change, key, field) => {
    const made = test.core.transaction((unit) => createPoll(unit, draftOf(test, change), null));
    await expect(made).rejects.toEqual(refusal(key, field));
    expect((await listPolls(test.core.db)).items).toEqual([]);
  });

  it('loses characters nobody sees, and keeps an audience as it can be asked for', async () => {
    const question = { pl: 'Kiedy\u0000 \u202ewtorek\u202c?', en: 'When\u200b, Tuesday?' };
    const audience = { branches: [], tags: ['halny', 'halny'] };
    const opensAt = test.clock.now() + minute;
    const draft = draftOf(test, { question, audience, opensAt, overrideParity: true });
    const { id } = await test.core.transaction((unit) => createPoll(unit, draft, null));
    const row = await test.core.db
      .selectFrom('poll')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect([row.question_pl, row.question_en]).toEqual(['Kiedy wtorek?', 'When, Tuesday?']);
    expect(JSON.parse(row.audience)).toEqual({ tags: ['halny'] });
  });

  it('whose languages differ on purpose is taken', async () => {
    await addPeople(test, people(1));
    const options = [{ pl: 'Tak' }, { pl: 'Nie' }];
    const id = await openPollNow(test, { options, overrideParity: true });
    expect((await pollResults(test.core.db, id)).options.map((o) => o.label)).toEqual(options);
  });

  it('in one language asks for no other when the network speaks one', async () => {
    await addPeople(test, people(1));
    await test.core.db.updateTable('network').set({ languages: '["pl"]' }).execute();
    await openPollNow(test, { question: { pl: 'Gdzie?' }, options: [{ pl: 'Tu' }, { pl: 'Tam' }] });
  });

  it('is shown before sending: the card, whom it reaches, and when its results could never be shown', async () => {
    await addPeople(test, [...people(3), { id: 'x1', account: false }]);
    const draft = draftOf(test, { anonymous: true, options: [{ pl: 'Tak', en: 'Yes' }, { pl: 'Nie' }] });
    const preview = await previewPoll(test.core.db, draft, test.clock.now(), ['webchat']);
    expect(preview.blocks.some((b) => b.type === 'choice')).toBe(true);
    expect(preview.reach).toMatchObject({ people: 4, reachable: 3, unreachable: { noAccount: 1 } });
    expect(preview.parity).toMatchObject([{ kind: 'missing', part: 'options.1' }]);
    expect(preview.tooFew).toBe(true);
  });
});

describe('an opened poll', () => {
  it('asks everybody in its audience and records who cannot be reached', async () => {
    await addPeople(test, [
      ...people(2),
      { id: 'gone', account: false },
      { id: 'stopped', status: 'stopped' },
      { id: 'english', language: 'en' },
    ]);
    const id = await openPollNow(test, { audience: { languages: ['pl'] } });
    expect(await pollResults(test.core.db, id)).toMatchObject({ asked: 4, voted: 0 });
    expect(await findDeliveryOf(test.core.db, 'poll', id, 'main', 'gone')).toMatchObject({
      status: 'unreachable',
      reason: 'noAccount',
    });
    expect(await findDeliveryOf(test.core.db, 'poll', id, 'main', 'stopped')).toMatchObject({
      status: 'unreachable',
      reason: 'stopped',
    });
    expect(shownTo(test, 'english')).toEqual([]);
    expect(shownTo(test, 'm001')).toHaveLength(1);
  });

  it('asks nobody twice when its opening is done again', async () => {
    await addPeople(test, people(3));
    const id = await openPollNow(test);
    await test.core.db
      .updateTable('due_moment')
      .set({ done_at: null })
      .where('kind', '=', 'poll.open')
      .execute();
    const [moment] = await openMomentsOf(test.core.db, id);
    await runDueMoment(test.core, moment?.id ?? '');
    await test.settle();
    expect(test.channels.webchat.sent).toHaveLength(3);
  });

  it('waits for its opening time, and then for the end of quiet hours unless urgent', async () => {
    await addPeople(test, people(1));
    const at = { opensAt: Date.parse('2026-11-23T21:00:00Z'), closesAt: Date.parse('2026-11-25T21:00:00Z') };
    await openPollNow(test, at);
    await openPollNow(test, { ...at, question: { pl: 'Pilne?', en: 'Urgent?' }, urgent: true });
    expect(shownTo(test, 'm001')).toEqual([]);
    await test.runUntil('2026-11-24T05:59:00Z');
    expect(shownTo(test, 'm001')).toEqual([expect.stringContaining('Pilne?')]);
    await test.runUntil('2026-11-24T06:01:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(2);
  });

  it('says before the answer who sees it, what comes back and until when, in the reader’s language', async () => {
    await addPeople(test, [{ id: 'pl' }, { id: 'en', language: 'en' }]);
    await openPollNow(test);
    const [polish = ''] = shownTo(test, 'pl');
    expect(polish).toBe(
      [
        'Gdzie spotkanie?',
        'Zespół sieci zobaczy Twoją odpowiedź z\u00a0imieniem i\u00a0nazwiskiem. Inni mogą zobaczyć tylko sumy, od 5 odpowiedzi wzwyż. Do zamknięcia możesz zmienić odpowiedź.',
        'Dotychczasowe wyniki zobaczysz po oddaniu głosu.',
        'Zamknięcie: 23 listopada 2026, godz.\u00a017:00.',
        '(0) Sala (1) Zdalnie (2) Wcale',
      ].join('\n'),
    );
    expect(shownTo(test, 'en')[0]).toContain('Closes: 23 November 2026, 17:00.');
    expect(shownTo(test, 'en')[0]).toContain('(0) Hall (1) Online (2) Nowhere');
  });
});

describe('a vote', () => {
  it('edits the same message to show the answer and offers to change it until closing', async () => {
    await addPeople(test, people(2));
    const id = await openPollNow(test);
    expect(await cast(test, id, 'm001', 1)).toBe('voted');
    await test.settle();
    const [card = ''] = shownTo(test, 'm001');
    expect(card).toContain('Twoja odpowiedź: Zdalnie');
    expect(card).toContain('[Zmień odpowiedź]');
    expect(card).not.toContain('(0) Sala');
    expect(card).toContain('Wyniki pokażemy, gdy zagłosuje co najmniej 5 osób.');
    expect(shownTo(test, 'm001')).toHaveLength(1);
  });

  it('can be changed: the card offers the options again and the counters follow', async () => {
    await addPeople(test, people(2));
    const id = await openPollNow(test);
    await cast(test, id, 'm001', 1);
    await test.settle();
    await test.core.transaction(async (unit) => {
      const delivery = await findDeliveryOf(unit.db, 'poll', id, 'main', 'm001');
      if (delivery) await reopenAnswer(unit, delivery);
    });
    await test.settle();
    expect(shownTo(test, 'm001')[0]).toContain('(0) Sala');
    expect(shownTo(test, 'm001')[0]).toContain('Twoja odpowiedź: Zdalnie');
    expect(await cast(test, id, 'm001', 0)).toBe('changed');
    await test.settle();
    expect(shownTo(test, 'm001')[0]).toContain('Twoja odpowiedź: Sala');
    expect(shownTo(test, 'm001')[0]).not.toContain('(0) Sala');
    const { voted, options } = await pollResults(test.core.db, id);
    expect([voted, ...options.map((o) => o.votes)]).toEqual([1, 1, 0, 0]);
  });

  it('repeated is the same vote', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test, { multiple: true });
    expect(await cast(test, id, 'm001', 2, 0)).toBe('voted');
    expect(await cast(test, id, 'm001', 0, 2, 2)).toBe('same');
  });

  const refused: [string, number[], string][] = [
    ['nothing', [], 'polls:errors.noOption'],
    ['two options of a single choice', [0, 1], 'polls:errors.tooMany'],
    ['an option there is not', [3], 'polls:errors.unknownOption'],
    ['a negative option', [-1], 'polls:errors.unknownOption'],
    ['half an option', [0.5], 'polls:errors.unknownOption'],
    ['no number', [Number.NaN], 'polls:errors.unknownOption'],
  ];
  it.each(refused)('for %s is refused', async (_what, values, key) => {
    await addPeople(test, people(1));
    const id = await openPollNow(test);
    await expect(cast(test, id, 'm001', ...values)).rejects.toEqual(refusal(key));
    expect(await pollResults(test.core.db, id)).toMatchObject({ voted: 0 });
  });

  it('of somebody who was not asked is refused', async () => {
    await addPeople(test, [...people(1), { id: 'english', language: 'en' }]);
    const id = await openPollNow(test, { audience: { languages: ['pl'] } });
    await expect(cast(test, id, 'english', 0)).rejects.toEqual(refusal('polls:errors.notAsked'));
  });

  it('shows the results so far once enough have voted, also to those who voted before', async () => {
    await addPeople(test, people(6));
    const id = await openPollNow(test);
    for (const [n, member] of ['m001', 'm002', 'm003', 'm004', 'm005'].entries()) {
      await cast(test, id, member, n < 1 ? 0 : 1);
    }
    await test.settle();
    for (const member of ['m001', 'm005']) {
      const [card = ''] = shownTo(test, member);
      expect(card).toContain('Sala: 1 głos (20%)\nZdalnie: 4 głosy (80%)\nWcale: 0 głosów (0%)');
      expect(card).toContain('5 odpowiedzi');
    }
    expect(shownTo(test, 'm006')[0]).not.toContain('głos (');
  });

  it('counts the same under any sequence of votes and changes: one person one vote', async () => {
    await addPeople(test, people(4));
    const id = await openPollNow(test, { multiple: true });
    const step = fc.record({
      member: fc.constantFrom('m001', 'm002', 'm003', 'm004'),
      values: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const { member, values } of steps) await cast(test, id, member, ...values);
        const ballots = await test.core.db.selectFrom('ballot').selectAll().execute();
        const answers = ballots.flatMap((b) => JSON.parse(b.options ?? '[]') as number[]);
        const { voted, options } = await pollResults(test.core.db, id);
        expect(voted).toBe(ballots.length);
        expect(options.map((o) => o.votes)).toEqual(
          [0, 1, 2].map((p) => answers.filter((a) => a === p).length),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe('reminders', () => {
  it('go only to those who have not voted, and lead nowhere once they have', async () => {
    await addPeople(test, people(3));
    const id = await openPollNow(test, {
      closesAt: test.clock.now() + 60 * hour,
      reminders: { count: 2, everyHours: 24 },
    });
    await cast(test, id, 'm001', 0);
    await test.runUntil('2026-11-24T10:30:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(1);
    expect(shownTo(test, 'm002')).toHaveLength(2);
    expect(shownTo(test, 'm002')[1]).toContain('Przypomnienie');
    await cast(test, id, 'm002', 0);
    await test.settle();
    expect(shownTo(test, 'm002').every((card) => card.includes('Twoja odpowiedź: Sala'))).toBe(true);
    await test.runUntil('2026-11-25T10:30:00Z');
    expect([1, 2, 3].map((n) => shownTo(test, `m00${n}`).length)).toEqual([1, 2, 3]);
  });

  it('never come at or after closing', async () => {
    await addPeople(test, people(1));
    await openPollNow(test, {
      closesAt: test.clock.now() + 2 * hour,
      reminders: { count: 5, everyHours: 1 },
    });
    await test.runUntil('2026-11-24T10:00:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(2);
  });

  it('held by quiet hours until after the vote are not sent', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test, {
      closesAt: test.clock.now() + 48 * hour,
      reminders: { count: 1, everyHours: 12 },
    });
    await test.runUntil('2026-11-23T23:00:00Z');
    await cast(test, id, 'm001', 0);
    await test.runUntil('2026-11-24T09:00:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(1);
  });
});

describe('closing', () => {
  it('says so on every card and sends those who voted the result with a picture, each in their language', async () => {
    await addPeople(test, [...people(5), { id: 'english', language: 'en' }, { id: 'silent' }]);
    const id = await openPollNow(test, { showResults: 'afterClose' });
    for (const n of [1, 2, 3, 4, 5]) await cast(test, id, `m00${n}`, 1);
    await cast(test, id, 'english', 0);
    await test.runUntil('2026-11-23T16:01:00Z');
    const [card = '', result = ''] = shownTo(test, 'm001');
    expect(card).toContain('Sonda zamknięta: 23 listopada 2026, godz.\u00a017:00.');
    expect(card).not.toContain('[');
    expect(result).toBe(
      [
        'Wynik sondy',
        'Gdzie spotkanie?',
        '<Wykres słupkowy z\u00a0wynikami sondy>',
        'Twoja odpowiedź: Zdalnie',
        'Sala: 1 głos (17%)\nZdalnie: 5 głosów (83%)\nWcale: 0 głosów (0%)',
        '6 odpowiedzi',
      ].join('\n'),
    );
    expect(shownTo(test, 'english')[1]).toContain('Online: 5 votes (83%)');
    expect(shownTo(test, 'silent')).toEqual([expect.stringContaining('Sonda zamknięta')]);
    const image = test.channels.webchat.to('chat-m001')[1]?.blocks.find((b) => b.type === 'image');
    expect([...(image?.media.data.slice(1, 4) ?? [])]).toEqual([...Buffer.from('PNG')]);
    await expect(cast(test, id, 'silent', 0)).rejects.toEqual(refusal('polls:errors.closed'));
  });

  it('takes no vote from its very moment, worked off or not', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test);
    test.clock.advance(6 * hour);
    await expect(cast(test, id, 'm001', 0)).rejects.toEqual(refusal('polls:errors.closed'));
  });

  it('shows members nothing of too few answers', async () => {
    await addPeople(test, people(4));
    const id = await openPollNow(test);
    for (const n of [1, 2, 3, 4]) await cast(test, id, `m00${n}`, 0);
    await test.runUntil('2026-11-23T16:01:00Z');
    expect(shownTo(test, 'm001')[1]).toContain('Wyników nie pokazujemy: zagłosowało mniej osób niż 5.');
    expect(shownTo(test, 'm001')[1]).not.toContain('<Wykres');
    expect(await pollResults(test.core.db, id)).not.toHaveProperty('hidden');
  });

  it('with results for nobody sends none', async () => {
    await addPeople(test, people(5));
    const id = await openPollNow(test, { showResults: 'never' });
    for (const n of [1, 2, 3, 4, 5]) await cast(test, id, `m00${n}`, 0);
    await test.runUntil('2026-11-23T16:01:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(1);
    expect(shownTo(test, 'm001')[0]).not.toContain('głosów (');
  });

  it('done twice, as after a crash, sends one result', async () => {
    await addPeople(test, people(5));
    const id = await openPollNow(test);
    for (const n of [1, 2, 3, 4, 5]) await cast(test, id, `m00${n}`, 0);
    await test.runUntil('2026-11-23T16:01:00Z');
    await test.core.db
      .updateTable('due_moment')
      .set({ done_at: null })
      .where('kind', '=', 'poll.close')
      .execute();
    await test.settle();
    expect(shownTo(test, 'm001')).toHaveLength(2);
    expect(await test.core.db.selectFrom('attachment').select('id').execute()).toHaveLength(2);
    expect(id).not.toBe('');
  });

  it('can be done before its time', async () => {
    await addPeople(test, people(5));
    const id = await openPollNow(test);
    for (const n of [1, 2, 3, 4, 5]) await cast(test, id, `m00${n}`, 0);
    await test.core.transaction((unit) => closePollNow(unit, id));
    await test.settle();
    expect(shownTo(test, 'm001')).toHaveLength(2);
    await test.runUntil('2026-11-24T16:01:00Z');
    expect(shownTo(test, 'm001')).toHaveLength(2);
    expect((await listPolls(test.core.db)).items[0]).toMatchObject({ status: 'closed', voted: 5, asked: 5 });
  });
});

describe('steering', () => {
  it('paused takes no votes and offers no buttons; resumed goes on', async () => {
    await addPeople(test, people(2));
    const id = await openPollNow(test);
    await test.core.transaction((unit) => pausePoll(unit, id));
    await test.settle();
    expect(shownTo(test, 'm001')[0]).toContain('wstrzymana');
    expect(shownTo(test, 'm001')[0]).not.toContain('(0)');
    await expect(cast(test, id, 'm001', 0)).rejects.toEqual(refusal('polls:errors.paused'));
    await expect(test.core.transaction((unit) => pausePoll(unit, id))).rejects.toEqual(
      refusal('polls:errors.paused'),
    );
    await test.core.transaction((unit) => resumePoll(unit, id));
    await test.settle();
    expect(shownTo(test, 'm001')[0]).toContain('(0) Sala');
    expect(await cast(test, id, 'm001', 0)).toBe('voted');
    expect(test.channels.webchat.sent).toHaveLength(2);
  });

  it('paused before it opens stays silent, and opens when resumed after its time', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test, { opensAt: test.clock.now() + hour });
    await test.core.transaction((unit) => pausePoll(unit, id));
    test.clock.advance(2 * hour);
    await test.settle();
    expect(shownTo(test, 'm001')).toEqual([]);
    await test.core.transaction((unit) => resumePoll(unit, id));
    await test.settle();
    expect(shownTo(test, 'm001')).toHaveLength(1);
  });

  it('paused still closes at its time', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test);
    await test.core.transaction((unit) => pausePoll(unit, id));
    await test.runUntil('2026-11-23T16:01:00Z');
    expect((await listPolls(test.core.db)).items[0]?.status).toBe('closed');
    await expect(test.core.transaction((unit) => resumePoll(unit, id))).rejects.toEqual(
      refusal('polls:errors.closed'),
    );
  });

  it('stopped says so, sends no results and leaves nothing to come', async () => {
    await addPeople(test, people(2));
    const id = await openPollNow(test);
    await cast(test, id, 'm001', 0);
    await test.core.transaction((unit) => stopPoll(unit, id));
    await test.settle();
    expect(shownTo(test, 'm002')[0]).toContain('odwołał');
    expect(await openMomentsOf(test.core.db, id)).toEqual([]);
    await expect(cast(test, id, 'm002', 0)).rejects.toEqual(refusal('polls:errors.stopped'));
  });
});

describe('a member asking for polls', () => {
  it('finds those open to them, the one that closes first in front', async () => {
    await addPeople(test, [...people(1), { id: 'english', language: 'en' }]);
    const late = await openPollNow(test, { closesAt: test.clock.now() + 9 * hour });
    const soon = await openPollNow(test, {
      closesAt: test.clock.now() + hour,
      audience: { languages: ['pl'] },
    });
    await cast(test, late, 'm001', 0);
    const mine = await openPollsFor(test.core.db, 'm001', test.clock.now());
    expect(mine.map(({ id, voted }) => [id, voted])).toEqual([
      [soon, false],
      [late, true],
    ]);
    expect((await openPollsFor(test.core.db, 'english', test.clock.now())).map((p) => p.id)).toEqual([late]);
    test.clock.advance(hour + minute);
    expect((await openPollsFor(test.core.db, 'm001', test.clock.now())).map((p) => p.id)).toEqual([late]);
  });

  it('is shown the card anew, and may answer though they came after the opening', async () => {
    await addPeople(test, people(1));
    const id = await openPollNow(test);
    await addPeople(test, [{ id: 'newcomer' }]);
    await expect(cast(test, id, 'newcomer', 0)).rejects.toEqual(refusal('polls:errors.notAsked'));
    await test.core.transaction((unit) => showPoll(unit, id, 'newcomer', 'account-newcomer'));
    await test.core.transaction((unit) => showPoll(unit, id, 'm001'));
    await test.settle();
    expect(shownTo(test, 'newcomer')).toHaveLength(1);
    expect(shownTo(test, 'm001')).toHaveLength(2);
    expect(await cast(test, id, 'newcomer', 0)).toBe('voted');
    expect(await pollResults(test.core.db, id)).toMatchObject({ asked: 2, voted: 1 });
  });
});
