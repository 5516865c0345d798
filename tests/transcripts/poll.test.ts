import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPoll } from '../../core/polls/create.ts';
import type { PollDraft } from '../../core/polls/poll.ts';
import { pollResults } from '../../core/polls/results.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

async function ask(more: Partial<PollDraft> = {}): Promise<string> {
  const { id } = await test.core.transaction((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Kiedy spotkanie?', en: 'When shall we meet?' },
        options: [
          { pl: 'W środę', en: 'Wednesday' },
          { pl: 'W piątek', en: 'Friday' },
        ],
        multiple: false,
        anonymous: false,
        showResults: 'never',
        urgent: false,
        closesAt: test.clock.now() + 24 * 3_600_000,
        audience: {},
        reminders: { count: 0, everyHours: 24 },
        overrideParity: false,
        ...more,
      },
      null,
    ),
  );
  await test.settle();
  return id;
}

const votes = async (id: string) => (await pollResults(test.core.db, id)).options.map((o) => o.votes);
const rawVotes = async () =>
  (await test.core.db.selectFrom('poll_option').select('votes').orderBy('position').execute()).map(
    (o) => o.votes,
  );

describe('a poll', () => {
  it('is answered and the answer changed', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const id = await ask();
    expect(person.news()).toContain('Kiedy spotkanie?');
    await person.verify([[{ pick: ['W środę'] }, 'W środę']]);
    expect(await rawVotes()).toEqual([1, 0]);
    await person.verify([
      ['[Zmień odpowiedź]', '(W piątek)'],
      [{ pick: ['W piątek'] }, 'W piątek'],
    ]);
    expect(await rawVotes()).toEqual([0, 1]);
    expect(await votes(id)).toBeDefined();
  });

  it('answered in words is shown again: nobody takes words for a vote, nor keeps an anonymous one with its name', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await ask({ anonymous: true });
    person.news();
    const shown = ['Głos oddaje się przyciskiem', 'Kiedy spotkanie?', '(W środę)'];
    await person.verify([
      ['w środę!', [...shown, { not: 'Przekazać' }]],
      [{ reply: 'Friday', to: 'Kiedy spotkanie?' }, [...shown, { not: 'Zespół widzi' }]],
      ['W czwartek', ['Przekazać to zespołowi?', { not: 'Głos oddaje' }]],
      ['nie', 'nie przekazujemy'],
    ]);
    expect(await rawVotes()).toEqual([0, 0]);
    expect(await test.core.db.selectFrom('reply').selectAll().execute()).toEqual([]);
    await person.does({ pick: ['W środę'] });
    await person.verify([['w środę', [{ not: 'Głos oddaje' }]]]);
    expect(await rawVotes()).toEqual([1, 0]);
  });

  it('closed meanwhile, answers kindly', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await ask();
    person.news();
    const late = person.press(['W środę']);
    await test.runUntil('2026-11-25T12:00:00Z');
    const answer = await person.does(late);
    expect(answer).toMatch(/zamkni|zakończ/);
    expect(await rawVotes()).toEqual([0, 0]);
  });

  it('anonymous, is answered once and the answer is nowhere but in the count', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await ask({ anonymous: true });
    person.news();
    const again = person.press(['W piątek']);
    await person.does({ pick: ['W środę'] });
    const answer = await person.does(again);
    expect(answer).not.toBe('');
    expect(await rawVotes()).toEqual([1, 0]);
    const ballots = await test.core.db.selectFrom('ballot').selectAll().execute();
    expect(ballots).toMatchObject([{ options: null, voted_at: null }]);
  });

  it('is brought back by /sondy until it is answered', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await ask();
    person.news();
    await person.verify([
      ['/sondy', ['Na Twój głos czeka 1 sonda', 'Kiedy spotkanie?', '(W środę)']],
      [{ pick: ['W środę'] }, 'W środę'],
      ['/sondy', 'mamy już Twój głos'],
    ]);
  });

  it('takes words in reply as feedback, in English too', async () => {
    const { person } = await joinedMember(test, 'John Example', { language: 'en' });
    await ask();
    person.news();
    await person.verify([[{ reply: 'Both suit me', to: 'When shall we meet?' }, 'together with your name']]);
  });

  it('is not answered by anybody else’s press nor by an option it does not have', async () => {
    const { person: anna } = await joinedMember(test, 'Anna Przykładowa');
    const { person: jan } = await joinedMember(test, 'Jan Testowy');
    await ask();
    anna.news();
    const annas = anna.press(['W środę']);
    await jan.verify([[annas, 'należy do wiadomości innej osoby']]);
    for (const values of [['7'], ['-1'], ['x'], [], ['0', '1']]) await anna.does({ ...annas, values });
    expect(await rawVotes()).toEqual([0, 0]);
  });
});
