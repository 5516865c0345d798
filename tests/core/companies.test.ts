import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWebsite } from '../../core/companies/check.ts';
import { type CompanyInput, findCompanyView, saveCompany } from '../../core/companies/company.ts';
import { listCompanies } from '../../core/companies/list.ts';
import { distanceTo, editDistance, matchCompanies } from '../../core/companies/match.ts';
import { fold } from '../../core/fold.ts';
import { saveMember } from '../../core/members/member.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const save = (input: CompanyInput) => t.core.transaction((unit) => saveCompany(unit, input));

describe('a company', () => {
  it('is kept with branch, offer in both languages, website, unit and tags', async () => {
    const saved = await save({
      name: ' Łożysko \n Testowe ',
      branchId: 'machines',
      offerPl: 'Łożyska\r\ni śruby',
      offerEn: 'Bearings',
      website: 'lozysko.example',
      unit: 'budynek B',
      tags: ['eksport', ' Eksport ', '', 'inkubator'],
    });
    expect(saved).toMatchObject({
      name: 'Łożysko Testowe',
      branch: { id: 'machines' },
      offerPl: 'Łożyska\ni śruby',
      website: 'https://lozysko.example',
      tags: ['eksport', 'inkubator'],
      people: 0,
      demo: false,
      revision: 1,
    });
    expect(await findCompanyView(t.core.db, saved.id)).toEqual(saved);
  });

  it('keeps what a change does not mention and empties what it empties', async () => {
    const { id } = await save({ name: 'Testowa', unit: 'A1', website: 'https://testowa.example' });
    const changed = await save({ id, name: 'Testowa', unit: '' });
    expect(changed).toMatchObject({ unit: null, website: 'https://testowa.example', revision: 2 });
  });

  it('is not on the list twice, whatever the case and diacritics', async () => {
    await save({ name: 'Żółw Testowy' });
    await expect(save({ name: 'ZOLW  testowy' })).rejects.toMatchObject({
      key: 'people:errors.companyTaken',
      params: { name: 'Żółw Testowy' },
      field: 'name',
    });
  });

  it('edited by two administrators at once: the second is told', async () => {
    const { id, revision } = await save({ name: 'Testowa' });
    await save({ id, revision, name: 'Testowa', unit: 'A' });
    await expect(save({ id, revision, name: 'Testowa', unit: 'B' })).rejects.toMatchObject({
      key: 'common:errors.conflict',
    });
    expect((await findCompanyView(t.core.db, id))?.unit).toBe('A');
  });

  it.each<[Partial<CompanyInput>, string]>([
    [{ name: '' }, 'people:errors.companyName'],
    [{ name: '\u200b\u202e' }, 'people:errors.companyName'],
    [{ name: 'x'.repeat(201) }, 'people:errors.tooLong'],
    [{ offerPl: 'x'.repeat(4001) }, 'people:errors.tooLong'],
    [{ branchId: 'none' }, 'people:errors.branchUnknown'],
    [{ website: 'javascript:alert(1)' }, 'people:errors.website'],
    [{ website: 'not a site' }, 'people:errors.website'],
    [{ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 'people:errors.tooManyTags'],
    [{ tags: ['x'.repeat(41)] }, 'people:errors.tooLong'],
    [{ id: 'nobody' }, 'common:errors.notFound'],
  ])('refuses %o', async (input, key) => {
    await expect(save({ name: 'Testowa', ...input })).rejects.toMatchObject({ key });
  });

  it.each([
    ['firma.example', 'https://firma.example'],
    ['http://firma.example/a?b=c', 'http://firma.example/a?b=c'],
    ['firma.example:8080/x', 'https://firma.example:8080/x'],
    ['', null],
    [null, null],
  ])('has the website %s as %s', (typed, expected) => {
    expect(checkWebsite(typed)).toBe(expected);
  });
});

describe('the list of companies', () => {
  it('stands in the order of the Polish alphabet, with the number of people', async () => {
    for (const name of ['Łan', 'Zebra', 'Lipa', 'Ąkord', 'Alt', 'Ćma', 'Cyrk']) await save({ name });
    const [first] = (await listCompanies(t.core.db, { limit: 1 })).items;
    await t.core.transaction((unit) =>
      saveMember(unit, { name: 'Osoba testowa', role: 'member', language: 'pl', companyId: first?.id }),
    );
    const { items } = await listCompanies(t.core.db);
    expect(items.map((c) => c.name)).toEqual(['Alt', 'Ąkord', 'Cyrk', 'Ćma', 'Lipa', 'Łan', 'Zebra']);
    expect(items.map((c) => c.people)).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  it('is found by any words of name, offer, tag, unit or branch, diacritics optional', async () => {
    await save({
      name: 'Źródło',
      branchId: 'energy',
      offerPl: 'Pompy ciepła',
      tags: ['eksport'],
      unit: 'B7',
    });
    await save({ name: 'Inna' });
    for (const search of ['zrodlo', 'CIEPLA pompy', 'eksport', 'b7', 'energetyka', 'renewables zrod', '  ']) {
      const { items } = await listCompanies(t.core.db, { search });
      expect(
        items.map((c) => c.name),
        search,
      ).toContain('Źródło');
    }
    expect((await listCompanies(t.core.db, { search: 'zrodlo xyz' })).items).toEqual([]);
    expect((await listCompanies(t.core.db, { branch: 'energy' })).items).toHaveLength(1);
  });

  it('comes in pages without gaps or repeats, also when a company goes away in between', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `Firma ${i + 1}`);
    for (const name of names) await save({ name });
    const first = await listCompanies(t.core.db, { limit: 10 });
    expect(first.items.map((c) => c.name)).toEqual(names.slice(0, 10));
    await t.core.db.deleteFrom('company').where('name', '=', 'Firma 10').execute();
    const cursor = first.next ?? '';
    const second = await listCompanies(t.core.db, { limit: 10, cursor });
    expect(second.items.map((c) => c.name)).toEqual(names.slice(10, 20));
    const third = await listCompanies(t.core.db, { limit: 10, cursor: second.next ?? '' });
    expect(third.items.map((c) => c.name)).toEqual(names.slice(20));
    expect(third.next).toBeNull();
  });

  it('takes a broken cursor for the beginning', async () => {
    await save({ name: 'Testowa' });
    for (const cursor of ['', 'x', 'e30', '%%%']) {
      expect((await listCompanies(t.core.db, { cursor })).items).toHaveLength(1);
    }
  });
});

describe('matching what a person types', () => {
  beforeEach(async () => {
    for (const name of ['Łożysko Biuro', 'Łoże i Materac', 'Trybik', 'Biuro Trybik Plus', 'Kod na Jutro']) {
      await save({ name });
    }
  });

  it.each([
    ['lozysko', 'Łożysko Biuro'],
    ['ŁOŻYSKO biuro', 'Łożysko Biuro'],
    ['lozyksо'.replace('о', 'o'), 'Łożysko Biuro'],
    ['trybik', 'Trybik'],
    ['tribik', 'Trybik'],
    ['jutro', 'Kod na Jutro'],
    ['kod jut', 'Kod na Jutro'],
    ['„Trybik”', 'Trybik'],
  ])('%s means %s', async (typed, name) => {
    expect((await matchCompanies(t.core.db, typed, 5))[0]?.name).toBe(name);
  });

  it('offers no more than asked for and nothing for nonsense', async () => {
    expect(await matchCompanies(t.core.db, 'lo', 1)).toHaveLength(1);
    for (const typed of ['', '  ', '🙂', 'qqqqqq', '%', "' or 1=1 --"]) {
      expect(await matchCompanies(t.core.db, typed, 5)).toEqual([]);
    }
  });

  it('is done at once in a large network, whatever somebody pastes', () => {
    const names = Array.from(
      { length: 5000 },
      (_, n) => `firma ${n} budowlano montazowa spolka z ograniczona odpowiedzialnoscia`,
    );
    const pasted = [
      'a'.repeat(4000),
      'wyrazik '.repeat(500).trim(),
      'frima budowlanp spulka z ograniczonu odpowiedzialnosciu',
    ];
    const began = performance.now();
    for (const typed of pasted) for (const name of names) distanceTo(typed, name);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  it('takes a name for itself and forgives one slip in a long word', () => {
    const word = fc.stringMatching(/^[a-z]{6,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), (name, n) => {
        expect(distanceTo(name, name)).toBe(0);
        const at = n % name.length;
        expect(distanceTo(name.slice(0, at) + name.slice(at + 1), name)).not.toBeNull();
      }),
    );
  });

  it('counts edits like a metric: zero for the same, the same both ways, never above the longer word', () => {
    const word = fc.stringMatching(/^[a-d]{0,7}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        const d = editDistance(a, b);
        expect(d).toBe(editDistance(b, a));
        expect(d === 0).toBe(a === b);
        expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
    expect(editDistance('trybik', 'tyrbik')).toBe(1);
  });
});

describe('folding', () => {
  it('forgets case, diacritics and spacing, and folding twice changes nothing', () => {
    expect(fold('  ZAŻÓŁĆ \u00a0 gęślą  Jaźń ')).toBe('zazolc gesla jazn');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });
});
