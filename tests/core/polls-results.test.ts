import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollCsvColumns, pollCsvRows } from '../../core/polls/csv.ts';
import { hideSmall, type PollGroup, resultsByGroup } from '../../core/polls/groups.ts';
import { resultPicture, wrap } from '../../core/polls/result-picture.ts';
import { percent, pollResults } from '../../core/polls/results.ts';
import { literal } from '../../core/text.ts';
import { renderPng } from '../../runtime/picture.ts';
import { all } from '../support/all.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPeople, cast, openPollNow, people } from './polls-support.ts';

let test: TestCore;

beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

describe('counts in words', () => {
  it.each([
    [0, '0 odpowiedzi', '0 głosów (0%)'],
    [1, '1 odpowiedź', '1 głos (0%)'],
    [2, '2 odpowiedzi', '2 głosy (0%)'],
    [4, '4 odpowiedzi', '4 głosy (0%)'],
    [5, '5 odpowiedzi', '5 głosów (0%)'],
    [12, '12 odpowiedzi', '12 głosów (0%)'],
    [21, '21 odpowiedzi', '21 głosów (0%)'],
    [22, '22 odpowiedzi', '22 głosy (0%)'],
    [25, '25 odpowiedzi', '25 głosów (0%)'],
  ])('%i in Polish', (count, answers, votes) => {
    const { texts } = test.core;
    expect(texts.translate('pl', 'polls:results.answers', { count })).toBe(answers);
    expect(texts.translate('pl', 'polls:results.votes', { count, percent: 0 })).toBe(votes);
  });

  it('in English', () => {
    const say = (count: number) => test.core.texts.translate('en', 'polls:results.answers', { count });
    expect([say(0), say(1), say(2)]).toEqual(['0 answers', '1 answer', '2 answers']);
  });

  it('percent is of those who voted', () => {
    expect([percent(0, 0), percent(1, 3), percent(2, 3), percent(3, 3)]).toEqual([0, 33, 67, 100]);
  });
});

describe('results by group', () => {
  const group = (id: string, voted: number): PollGroup => ({
    id,
    label: literal(id),
    asked: voted + 1,
    voted,
    votes: [voted],
  });
  const shown = (...voted: number[]) =>
    hideSmall(
      voted.map((v, n) => group(String(n), v)),
      5,
    ).map((g) => g.votes !== null);

  it('hide groups that are too small, and a second one where the rest would tell the first', () => {
    expect(shown(5, 6, 7)).toEqual([true, true, true]);
    expect(shown(2, 3, 7)).toEqual([false, false, true]);
    expect(shown(2, 9, 7)).toEqual([false, true, false]);
    expect(shown(1, 2, 9, 7)).toEqual([false, false, true, false]);
    expect(shown(0, 9, 7)).toEqual([false, true, true]);
    expect(shown(2)).toEqual([false]);
  });

  it('of a named poll stand by branch and by company', async () => {
    await addCompany(test, 'c1', 'ict');
    await addCompany(test, 'c2', 'energy');
    const others = people(5).map(({ id }) => ({ id: `x${id}`, companyId: 'c2' }));
    await addPeople(test, [...people(6, { companyId: 'c1' }), ...others, { id: 'alone' }]);
    const id = await openPollNow(test);
    for (const { id: member } of people(6)) await cast(test, id, member, 1);
    for (const { id: member } of others) await cast(test, id, member, 0);
    const byBranch = await resultsByGroup(test.core.db, id, 'branch');
    expect(byBranch.map((g) => [g.id, g.asked, g.voted, g.votes])).toEqual([
      ['ict', 6, 6, [0, 6, 0]],
      ['energy', 5, 5, [5, 0, 0]],
      [null, 1, 0, null],
    ]);
    const byCompany = await resultsByGroup(test.core.db, id, 'company');
    expect(byCompany.map((g) => g.label)).toEqual([
      { literal: 'Firma c1' },
      { literal: 'Firma c2' },
      { key: 'polls:results.noCompany' },
    ]);
  });
});

describe('the table to take away', () => {
  it('has the wording in both languages, the totals, and of a named poll who chose what', async () => {
    await addCompany(test, 'c1', 'ict');
    await addPeople(test, [{ id: 'ż', companyId: 'c1' }, { id: 'z' }, { id: 'silent' }]);
    const id = await openPollNow(test, { multiple: true });
    await cast(test, id, 'ż', 2, 0);
    await cast(test, id, 'z', 1);
    const rows = await all(pollCsvRows(test.core.db, id, 'pl'));
    expect(rows.map((r) => pollCsvColumns.map((c) => r[c]))).toEqual([
      ['option', 'Gdzie spotkanie?', 'Where to meet?', 'Sala', 'Hall', 1, 2, 3, '', '', '', '', ''],
      ['option', 'Gdzie spotkanie?', 'Where to meet?', 'Zdalnie', 'Online', 1, 2, 3, '', '', '', '', ''],
      ['option', 'Gdzie spotkanie?', 'Where to meet?', 'Wcale', 'Nowhere', 1, 2, 3, '', '', '', '', ''],
      [
        ...['person', 'Gdzie spotkanie?', 'Where to meet?', 'Zdalnie', 'Online', '', '', ''],
        ...['Osoba z', '', '', 'pl', '2026-11-23 11:00'],
      ],
      [
        ...['person', 'Gdzie spotkanie?', 'Where to meet?', 'Sala | Wcale', 'Hall | Nowhere', '', '', ''],
        ...['Osoba ż', 'Firma c1', 'ICT', 'pl', '2026-11-23 11:00'],
      ],
    ]);
  });

  it('names the branch in the language of whoever reads it', async () => {
    await addCompany(test, 'c1', 'ict');
    await addPeople(test, [{ id: 'a', companyId: 'c1' }]);
    await test.core.db
      .updateTable('branch')
      .set({ name_pl: 'Budownictwo', name_en: 'Construction' })
      .execute();
    const id = await openPollNow(test);
    await cast(test, id, 'a', 0);
    const branch = async (language: 'pl' | 'en') =>
      (await all(pollCsvRows(test.core.db, id, language))).at(-1)?.branch;
    expect([await branch('pl'), await branch('en')]).toEqual(['Budownictwo', 'Construction']);
  });

  it('has a name for every column in both languages', () => {
    for (const column of pollCsvColumns) {
      expect(test.core.texts.translate('pl', `polls:csv.${column}`)).not.toBe('');
      expect(test.core.texts.translate('en', `polls:csv.${column}`)).not.toBe('');
    }
  });
});

describe('votes at the same moment', () => {
  it('all count', async () => {
    await addPeople(test, people(12));
    const named = await openPollNow(test);
    const anonymous = await openPollNow(test, { anonymous: true });
    await Promise.all(
      people(12).flatMap(({ id }, n) => [cast(test, named, id, n % 3), cast(test, anonymous, id, n % 3)]),
    );
    expect((await pollResults(test.core.db, named)).options.map((o) => o.votes)).toEqual([4, 4, 4]);
    const counters = await test.core.db
      .selectFrom('poll_option')
      .select('votes')
      .where('poll_id', '=', anonymous)
      .orderBy('position')
      .execute();
    expect([(await pollResults(test.core.db, anonymous)).voted, ...counters.map((c) => c.votes)]).toEqual([
      12, 4, 4, 4,
    ]);
  });
});

describe('the picture of the bars', () => {
  const bars = (labels: readonly string[]) =>
    resultPicture({
      question: 'Gdzie spotkanie?',
      total: '5 odpowiedzi',
      bars: labels.map((label, n) => ({ label, share: n / labels.length, value: `${n} głosów` })),
    });

  it('draws a bar for each option, as long as its share', () => {
    const svg = bars(['Sala', 'Zdalnie']);
    expect(svg.match(/<rect/g)).toHaveLength(1 + 2 + 1);
    expect(svg).toContain('Zdalnie');
    expect(svg).toContain('1 głosów');
  });

  it('keeps markup in people’s words from being markup', () => {
    const svg = bars(['</text><script>x</script>', 'R&D "now"\u0000']);
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;');
    expect(svg).toContain('R&amp;D &quot;now&quot;<');
    expect(svg).not.toContain('<script');
  });

  it('wraps long labels and ends them with an ellipsis', () => {
    const lines = wrap('bardzo długa odpowiedź '.repeat(20), 720, 20, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]?.endsWith('…')).toBe(true);
    expect(wrap('w'.repeat(400), 720, 20, 2)).toHaveLength(2);
    expect(wrap('spotkanie firm z branży', 130, 12, 3)).toEqual(['spotkanie firm', 'z\u00a0branży']);
  });

  it('can be drawn whatever is written in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 100 }), { minLength: 2, maxLength: 20 }),
        async (labels) => {
          const png = await renderPng(bars(labels));
          expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
        },
      ),
      { numRuns: 15 },
    );
  });
});
