import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BarrierStatus, barrierKinds, barrierStatuses } from '../../core/barriers/barrier.ts';
import { addReporterMessage, answerBarrier, setBarrierStatus } from '../../core/barriers/handle.ts';
import { barriersOf, findBarrier, listBarriers, sharedBarriers } from '../../core/barriers/list.ts';
import { type NewBarrier, reportBarrier } from '../../core/barriers/report.ts';
import { firstWords } from '../../core/barriers/tell.ts';
import { languages } from '../../core/language.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPeople, shownTo } from './polls-support.ts';

let test: TestCore;

beforeEach(async () => {
  test = await openTestCore();
  await addCompany(test, 'c1', 'ict');
  await addPeople(test, [
    { id: 'reporter', companyId: 'c1' },
    { id: 'english', language: 'en' },
    { id: 'staff', role: 'staff' },
    { id: 'admin', role: 'administrator', language: 'en' },
    { id: 'future', role: 'staff', status: 'listed', account: false },
  ]);
});
afterEach(() => test.close());

const report = (change: Partial<NewBarrier> = {}) =>
  test.core.transaction((unit) =>
    reportBarrier(unit, {
      memberId: 'reporter',
      text: 'Brama od ulicy jest zamknięta po osiemnastej.',
      kind: 'infrastructure',
      visibility: 'private',
      anonymous: false,
      ...change,
    }),
  );

const setStatus = (id: string, status: BarrierStatus, note?: string, revision?: number) =>
  test.core.transaction((unit) =>
    setBarrierStatus(unit, id, { status, ...(note === undefined ? {} : { note }) }, 'staff', revision),
  );

describe('a report', () => {
  it('keeps no characters that show as nothing or turn the text around', async () => {
    const { id } = await report({ text: 'Brama\u0000 \u202ezamknięta\r\nod rana' });
    expect(await findBarrier(test.core.db, id)).toMatchObject({ text: 'Brama zamknięta\nod rana' });
    await expect(report({ text: '\u0000\u200b ' })).rejects.toMatchObject({ key: 'barriers:errors.empty' });
  });

  it('gets the next number and reaches staff who have joined, in their language', async () => {
    expect((await report()).number).toBe(1);
    expect((await report({ text: 'Drugie' })).number).toBe(2);
    await test.settle();
    expect(shownTo(test, 'staff')[0]).toBe(
      [
        'Nowe zgłoszenie nr\u00a01',
        'Brama od ulicy jest zamknięta po osiemnastej.',
        'infrastruktura · od: Osoba reporter, Firma c1',
        'Odpowiedz na tę wiadomość, a\u00a0przekażemy Twoje słowa. Status zmienisz w\u00a0panelu.',
        '[Odpowiedz]',
      ].join('\n'),
    );
    expect(shownTo(test, 'admin')[1]).toContain('New report no.\u00a02');
    expect(shownTo(test, 'reporter')).toEqual([]);
    expect(test.signals).toContainEqual({ kind: 'changed', topic: 'inbox' });
  });

  it('made at night reaches staff in the morning', async () => {
    test.clock.set('2026-11-23T22:00:00Z');
    await report();
    await test.settle();
    expect(shownTo(test, 'staff')).toEqual([]);
    await test.runUntil('2026-11-24T07:00:00Z');
    expect(shownTo(test, 'staff')).toHaveLength(1);
  });

  it('made by several at once gets numbers of its own', async () => {
    const made = await Promise.all([report(), report(), report({ memberId: 'english' }), report()]);
    expect(made.map((m) => m.number).sort()).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['empty', ' \n ', 'barriers:errors.empty'],
    ['longer than a message holds', 'ż'.repeat(4001), 'barriers:errors.tooLong'],
  ])('%s is refused', async (_what, text, key) => {
    await expect(report({ text })).rejects.toMatchObject({ key, field: 'text' });
    expect((await listBarriers(test.core.db)).items).toEqual([]);
  });

  it.each(['<b>x</b> *y* [z](https://example.test)', 'שלום עולם', '🚧🚧', '=1+1'])(
    'keeps the words as written: %s',
    async (text) => {
      const { id } = await report({ text });
      expect((await findBarrier(test.core.db, id)).text).toBe(text);
    },
  );

  it('has a name for every kind and status in both languages', () => {
    for (const language of languages) {
      const names = [
        ...barrierKinds.map((k) => test.core.texts.translate(language, `barriers:kind.${k}`)),
        ...barrierStatuses.map((s) => test.core.texts.translate(language, `barriers:status.${s}`)),
      ];
      expect(new Set(names).size).toBe(names.length);
    }
    expect(test.core.texts.translate('pl', 'barriers:status.declined')).toBe('zamknięte bez rozwiązania');
  });
});

describe('a report made anonymously', () => {
  it('names neither person nor company to staff, in the list, alone or in the messenger', async () => {
    const { id } = await report({ anonymous: true });
    await test.core.transaction((unit) => addReporterMessage(unit, id, 'reporter', 'I jeszcze szlaban.'));
    await test.settle();
    const { items } = await listBarriers(test.core.db);
    const seen = JSON.stringify([items, await findBarrier(test.core.db, id), shownTo(test, 'staff')]);
    expect(seen).not.toMatch(/Osoba|Firma|"c1"|"id":"reporter"/);
    expect(items[0]).toMatchObject({ anonymous: true, reporter: null, company: null });
    expect(shownTo(test, 'staff')[0]).toContain('infrastruktura · zgłoszenie anonimowe');
  });

  it('by a staff person is told to all staff alike', async () => {
    await report({ memberId: 'staff', anonymous: true });
    await test.settle();
    expect([shownTo(test, 'staff').length, shownTo(test, 'admin').length]).toEqual([1, 1]);
  });

  it('still carries answers back', async () => {
    const { id } = await report({ anonymous: true });
    await test.core.transaction((unit) => answerBarrier(unit, id, 'Otworzymy.', 'staff'));
    await test.settle();
    expect(shownTo(test, 'reporter')[0]).toContain('Otworzymy.');
    expect(await barriersOf(test.core.db, 'reporter')).toHaveLength(1);
  });
});

describe('what staff do with a report', () => {
  it.each([
    ['inProgress', 'Zgłoszenie nr\u00a01: w\u00a0toku'],
    ['solved', 'Zgłoszenie nr\u00a01: rozwiązane'],
    ['declined', 'Zgłoszenie nr\u00a01: zamknięte bez rozwiązania'],
  ] as const)('%s reaches the reporter with number, first words and note', async (status, news) => {
    const { id } = await report();
    await setStatus(id, status, 'Sprawdzamy.');
    await test.settle();
    expect(shownTo(test, 'reporter')).toEqual([
      [
        news,
        'Brama od ulicy jest zamknięta po osiemnastej.',
        'Sprawdzamy.',
        'Żeby coś dopisać, odpowiedz na tę wiadomość.',
      ].join('\n'),
    ]);
  });

  it('reaches a reporter in the language they use', async () => {
    const { id } = await report({ memberId: 'english', text: 'No bus after six.' });
    await setStatus(id, 'declined');
    await test.settle();
    expect(shownTo(test, 'english')[0]).toContain('Report no.\u00a01: closed without a solution');
  });

  it('without a change or a word tells nobody', async () => {
    const { id } = await report();
    await setStatus(id, 'new', '  ');
    await test.settle();
    expect(shownTo(test, 'reporter')).toEqual([]);
    expect((await findBarrier(test.core.db, id)).revision).toBe(1);
  });

  it('at once with another staff person is refused to the later one', async () => {
    const { id } = await report();
    await setStatus(id, 'inProgress', undefined, 1);
    await expect(setStatus(id, 'solved', undefined, 1)).rejects.toMatchObject({
      key: 'common:errors.conflict',
    });
    await setStatus(id, 'solved', undefined, 2);
    expect((await findBarrier(test.core.db, id)).status).toBe('solved');
  });

  it('stands with the report in the order it happened', async () => {
    const { id } = await report();
    await setStatus(id, 'inProgress', 'Sprawdzamy.');
    await test.core.transaction((unit) => addReporterMessage(unit, id, 'reporter', 'Dziękuję.'));
    await test.core.transaction((unit) => answerBarrier(unit, id, 'Proszę.', 'admin'));
    const { messages, status } = await findBarrier(test.core.db, id);
    expect(status).toBe('inProgress');
    expect(messages.map((m) => [m.from, m.author?.name ?? null, m.text, m.status])).toEqual([
      ['staff', 'Osoba staff', 'Sprawdzamy.', 'inProgress'],
      ['reporter', null, 'Dziękuję.', null],
      ['staff', 'Osoba admin', 'Proszę.', null],
    ]);
  });

  it('on a report there is not says so', async () => {
    await expect(setStatus('nothing', 'solved')).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });
});

describe('further words of the reporter', () => {
  it('reach staff', async () => {
    const { id } = await report();
    await test.core.transaction((unit) => addReporterMessage(unit, id, 'reporter', 'I jeszcze szlaban.'));
    await test.settle();
    expect(shownTo(test, 'staff')[1]).toContain('Dopisek do zgłoszenia nr\u00a01');
    expect(shownTo(test, 'staff')[1]).toContain('I jeszcze szlaban.');
  });

  it('are taken from nobody else', async () => {
    const { id } = await report();
    const others = test.core.transaction((unit) => addReporterMessage(unit, id, 'english', 'x'));
    await expect(others).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });
});

describe('lists of reports', () => {
  it('come newest first, in pages, and by status', async () => {
    for (let n = 1; n <= 5; n++) await report({ text: `Sprawa ${n}` });
    const all = (await listBarriers(test.core.db)).items;
    await setStatus(all[1]?.id ?? '', 'solved');
    const first = await listBarriers(test.core.db, { limit: 2 });
    const second = await listBarriers(test.core.db, { limit: 2, cursor: first.next ?? '' });
    const third = await listBarriers(test.core.db, { limit: 2, cursor: second.next ?? '' });
    expect([first, second, third].map((p) => p.items.map((b) => b.number))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.next).toBeNull();
    expect((await listBarriers(test.core.db, { status: 'solved' })).items.map((b) => b.number)).toEqual([4]);
  });

  it('show other members only what was shared, and never whose it is', async () => {
    await report({ text: 'Tylko dla zespołu' });
    await report({ text: 'Dla wszystkich', visibility: 'shared' });
    const { items } = await sharedBarriers(test.core.db);
    expect(items).toMatchObject([{ text: 'Dla wszystkich', reporter: null, company: null }]);
  });
});

describe('the first words of a report', () => {
  it.each([
    ['short', 'Krótko.', 'Krótko.'],
    ['on several lines', 'Raz\n\n dwa', 'Raz dwa'],
    ['long, cut between words', `${'słowo '.repeat(40)}`, `${'słowo '.repeat(19).trim()}…`],
    ['one long word, cut inside', 'ż'.repeat(300), `${'ż'.repeat(119)}…`],
  ])('%s', (_what, text, quote) => {
    expect(firstWords(text)).toBe(quote);
  });
});
