import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProblem, parityProblems } from '../../core/announcements/parity.ts';
import { resolve, type Texts } from '../../core/text.ts';
import { loadTexts } from '../../runtime/i18n.ts';

const problems = (pl: string, en: string) =>
  parityProblems({ text: { pl, en } }).map(({ kind, pl, en }) => ({ kind, pl, en }));

describe('versions that say the same', () => {
  it.each([
    ['1 234,5 zł', 'PLN 1,234.5'],
    ['1\u00a0234,50 zł', 'PLN 1,234.50'],
    ['budżet 1.234.567 zł', 'a budget of PLN 1,234,567'],
    ['12,5% firm', '12.5% of companies'],
    ['10,00 zł', 'PLN 10'],
    ['23 listopada 2026', '23 November 2026'],
    ['23 listopada 2026 r.', 'November 23rd, 2026'],
    ['23.11.2026', '23/11/2026'],
    ['2026-11-23', '23 Nov 2026'],
    ['23 listopada', '23rd of November 2026'],
    ['23–25 listopada 2026', 'November 23–25, 2026'],
    ['do 23.11', 'by 23 November'],
    ['3 maja', '3 May'],
    ['godz. 14:00', '2 pm'],
    ['o\u00a0godz. 14', '2 p.m.'],
    ['o 14', 'at 2 pm'],
    ['o 14.30', 'at 2:30 pm'],
    ['14:00–16:00', '2–4 pm'],
    ['3.12 od 8.00 do 12.30', '3 December, 8 am to 12:30 pm'],
    ['8.00–15.30', '8 am – 3:30 pm'],
    ['w godzinach 9–15', '9 am – 3 pm'],
    ['od 9.10 do 12.00', '9:10 am to noon'],
    ['9.10–12.45', '9:10–12:45'],
    ['od 10.00 do 12.10', 'from 10 am to 12:10 pm'],
    ['między 8.30 a 9.05', 'between 8:30 and 9:05 am'],
    ['od 9.10 do 12.11', '9 October to 12 November'],
    ['od 9.10 do 12.00', 'from 9.10 to 12.00'],
    ['o 9.10', 'at 9.10'],
    ['na 9,1%', 'at 9.10%'],
    ['w południe', 'at noon'],
    ['12:00', '12 pm'],
    ['0:15', '12:15 am'],
    ['tel. +48 600 100 200', 'tel. +48 600 100 200'],
    ['Zobacz https://wici.example/a.', 'See https://wici.example/a'],
    ['pisz: sekretariat@wici.example', 'write to sekretariat@wici.example'],
    ['www.wici.example/plan', 'https://www.wici.example/plan/'],
    ['1. piętro, sala 12', 'floor 1, room 12'],
    ['Bez liczb', 'No numbers'],
    ['Potrwa 5 godzin', 'It takes 5 hours'],
    ['23 listopada, godz. 10.00', '23 November, 10 am'],
  ])('%s = %s', (pl, en) => {
    expect(problems(pl, en)).toEqual([]);
  });
});

describe('versions that differ', () => {
  it.each([
    ['1,234 t', '1,234 t', 'numbers', ['1.234'], ['1234']],
    ['3 osoby', '4 people', 'numbers', ['3'], ['4']],
    ['5 osób', 'some people', 'numbers', ['5'], []],
    ['23 listopada 2026', '24 November 2026', 'dates', ['2026-11-23'], ['2026-11-24']],
    ['23 listopada 2026', '23 November 2027', 'dates', ['2026-11-23'], ['2027-11-23']],
    ['godz. 14:00', '2 am', 'dates', ['14:00'], ['02:00']],
    ['od 9:00 do 15:00', 'from 9 am', 'dates', ['15:00'], []],
    [
      'https://wici.example/a',
      'https://wici.example/b',
      'links',
      ['https://wici.example/a'],
      ['https://wici.example/b'],
    ],
    ['pisz: a@wici.example', 'write to us', 'links', ['a@wici.example'], []],
  ])('%s ≠ %s', (pl, en, kind, inPl, inEn) => {
    expect(problems(pl, en)).toEqual([{ kind, pl: inPl, en: inEn }]);
  });

  it('names the part whose other language is missing', () => {
    expect(parityProblems({ title: { pl: 'Tytuł' }, text: { pl: 'Treść', en: '  ' } })).toEqual([
      { kind: 'missing', part: 'title', pl: [], en: [] },
      { kind: 'missing', part: 'text', pl: [], en: [] },
    ]);
  });

  it('has nothing to say of a part that is empty in both languages', () => {
    expect(parityProblems({ link: {}, text: { pl: '', en: ' ' } })).toEqual([]);
  });
});

describe('what differs, in the words of whoever reads it', () => {
  let texts: Texts;
  beforeAll(async () => {
    texts = await loadTexts();
  });
  const said = (pl: string, en: string) => {
    const [problem] = parityProblems({ text: { pl, en } });
    if (!problem) throw new Error('nothing differs');
    const text = describeProblem(problem);
    return { pl: resolve(texts, 'pl', text), en: resolve(texts, 'en', text) };
  };

  it('names days as people write them, with the year only where it was said', () => {
    const { pl, en } = said('2 grudnia od 8:00 do 12:00', 'on 3 December 2026 from 8 am');
    expect(pl).toContain('po polsku 2 grudnia, 12:00, po angielsku 3 grudnia 2026');
    expect(en).toContain('2 December, 12:00 in Polish, 3 December 2026 in English');
  });

  it('repeats a day no calendar has', () => {
    expect(said('31.02', '1 March').pl).toContain('po polsku 31 lutego, po angielsku 1 marca');
  });

  it('writes decimals the way of the reader and leaves links alone', () => {
    expect(said('12,5 zł', 'PLN 13').pl).toContain('po polsku 12,5, po angielsku 13');
    expect(said('12,5 zł', 'PLN 13').en).toContain('12.5 in Polish, 13 in English');
    expect(said('pisz: a@wici.example', 'write to us').pl).toContain('po polsku a@wici.example');
  });
});

it('never finds fault with a number written the way of each language', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const value = whole + cents / 100;
      const pl = value.toLocaleString('pl', { minimumFractionDigits: 2 });
      const en = value.toLocaleString('en-GB', { minimumFractionDigits: 2 });
      expect(problems(`razem ${pl} zł`, `PLN ${en} in total`)).toEqual([]);
    }),
  );
});

it('never finds fault with a day written the way of each language', () => {
  const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(days, (date) => {
      const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
      expect(
        problems(
          `w dniu ${date.toLocaleDateString('pl', options)} r.`,
          `on ${date.toLocaleDateString('en-GB', options)}`,
        ),
      ).toEqual([]);
    }),
  );
});

it('reads any text without failing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(problems(`a${text}`, `a${text}`).every((p) => p.pl.length + p.en.length > 0)).toBe(true);
    }),
  );
});
