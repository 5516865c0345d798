import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCompanyView, saveCompany } from '../../core/companies/company.ts';
import { applyImport } from '../../core/companies/import/apply.ts';
import { type ImportPlan, planImport } from '../../core/companies/import/plan.ts';
import { readRecords } from '../../core/companies/import/records.ts';
import { listCompanies } from '../../core/companies/list.ts';
import { DomainError } from '../../core/domain-error.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { findInvitationView } from '../../core/invitations/list.ts';
import { eraseMember } from '../../core/members/erase.ts';
import { saveMember } from '../../core/members/member.ts';
import { listMembers } from '../../core/members/view.ts';
import { resolve } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const plan = (text: string) => planImport(t.core.db, bytes(text));
const apply = (text: string | Uint8Array) =>
  t.core.transaction((unit) => applyImport(unit, typeof text === 'string' ? bytes(text) : text));

/** [line, verdict, kind, label, problem] of every line. */
const outline = ({ lines }: ImportPlan) =>
  lines.map((l) => [
    l.line,
    l.verdict,
    l.kind,
    l.label,
    ...(l.problem && 'key' in l.problem ? [l.problem.key] : []),
  ]);

const refused = async (text: string | Uint8Array) => {
  const error = await planImport(t.core.db, typeof text === 'string' ? bytes(text) : text).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DomainError);
  return (error as DomainError).key;
};

const both = `firma;branża;oferta;offer en;www;budynek;tagi;imię i nazwisko;e-mail;rola;język;tagi osoby
Żółw Testowy;energetyka i OZE;Pompy ciepła;Heat pumps;zolw.example;B7;eksport, inkubator;Osoba Pierwsza;PIERWSZA@zolw.example;zespół;angielski;prezes
Żółw Testowy;;;;;;;Osoba Druga;;;;
Sama Firma;ICT;;;;;;;;;;
;;;;;;;Osoba Bez Firmy;bez@firmy.example;administrator;en;
`;

describe('an import', () => {
  it('brings companies and people from one file', async () => {
    const preview = await plan(both);
    expect(outline(preview)).toEqual([
      [2, 'add', 'company', 'Żółw Testowy'],
      [2, 'add', 'person', 'Osoba Pierwsza'],
      [3, 'add', 'person', 'Osoba Druga'],
      [4, 'add', 'company', 'Sama Firma'],
      [5, 'add', 'person', 'Osoba Bez Firmy'],
    ]);
    expect(preview.counts).toEqual({ add: 5, change: 0, same: 0, refuse: 0 });
    expect((await listCompanies(t.core.db)).items).toEqual([]);

    expect(await apply(both)).toEqual(preview);
    const { items: companies } = await listCompanies(t.core.db);
    expect(companies[1]).toMatchObject({
      name: 'Żółw Testowy',
      branch: { id: 'energy' },
      offerPl: 'Pompy ciepła',
      offerEn: 'Heat pumps',
      website: 'https://zolw.example',
      unit: 'B7',
      tags: ['eksport', 'inkubator'],
      people: 2,
    });
    const { items: people } = await listMembers(t.core.db);
    expect(
      people.map((m) => [m.name, m.email, m.company?.name, m.role, m.language, m.status, m.tags]),
    ).toEqual([
      ['Osoba Bez Firmy', 'bez@firmy.example', undefined, 'administrator', 'en', 'listed', []],
      ['Osoba Druga', null, 'Żółw Testowy', 'member', 'pl', 'listed', []],
      ['Osoba Pierwsza', 'pierwsza@zolw.example', 'Żółw Testowy', 'staff', 'en', 'listed', ['prezes']],
    ]);
  });

  it('done twice changes nothing the second time', async () => {
    await apply(both);
    const before = await t.core.db.selectFrom('member').selectAll().orderBy('id').execute();
    t.clock.advance(1000);
    const again = await apply(both);
    expect(again.counts).toEqual({ add: 0, change: 0, same: 4, refuse: 0 });
    expect(await t.core.db.selectFrom('member').selectAll().orderBy('id').execute()).toEqual(before);
  });

  it('shows what changes, from what to what; empty cells change nothing', async () => {
    await apply(both);
    const next = `company,branch,website,person,email,role
zolw testowy,reklama,,Osoba Pierwsza-Nowa,pierwsza@zolw.example,
Sama Firma,ict,,,,
Sama Firma,,,Osoba Druga,druga@zolw.example,
`;
    const preview = await apply(next);
    expect(preview.lines.map((l) => [l.line, l.verdict, l.kind, l.changes])).toEqual([
      [
        2,
        'change',
        'company',
        [
          {
            field: 'branch',
            from: 'energetyka i\u00a0OZE / energy and renewables',
            to: 'reklama / advertising',
          },
        ],
      ],
      [2, 'change', 'person', [{ field: 'name', from: 'Osoba Pierwsza', to: 'Osoba Pierwsza-Nowa' }]],
      [3, 'same', 'company', []],
      [
        4,
        'add',
        'person',
        [
          { field: 'email', from: null, to: 'druga@zolw.example' },
          { field: 'company', from: null, to: 'Sama Firma' },
          { field: 'role', from: null, to: 'member' },
          { field: 'language', from: null, to: 'pl' },
        ],
      ],
    ]);
    const { items } = await listCompanies(t.core.db, { search: 'zolw' });
    expect(items[0]).toMatchObject({ name: 'Żółw Testowy', website: 'https://zolw.example' });
    expect((await listMembers(t.core.db, { search: 'pierwsza' })).items[0]).toMatchObject({
      role: 'staff',
      tags: ['prezes'],
    });
  });

  it('knows a person without e-mail by name within the company and adds the e-mail', async () => {
    await apply(both);
    const preview = await apply('firma;osoba;email\nŻółw Testowy;osoba druga;druga@zolw.example\n');
    expect(preview.lines[0]).toMatchObject({ verdict: 'change', kind: 'person' });
    expect((await listMembers(t.core.db)).items).toHaveLength(3);
  });

  it('ends the invitations made before it gave a person a higher role', async () => {
    await apply('osoba;e-mail\nOsoba A;a@x.example\nOsoba B;b@x.example\n');
    const { items } = await listMembers(t.core.db);
    const made = await Promise.all(
      items.map(({ id }) =>
        t.core.transaction((unit) => createInvitation(unit, { kind: 'personal', memberId: id })),
      ),
    );
    await apply('osoba;e-mail;rola\nOsoba A;a@x.example;administrator\nOsoba C;b@x.example;osoba\n');
    const states = await Promise.all(
      made.map(async ({ id }) => (await findInvitationView(t.core.db, id, t.clock.now()))?.state),
    );
    expect(states).toEqual(['revoked', 'created']);
  });

  it('keeps namesakes with two e-mails apart', async () => {
    const preview = await apply('firma;osoba;email\nA;Jan Testowy;a@x.example\nA;Jan Testowy;b@x.example\n');
    expect(preview.counts.add).toBe(3);
    expect((await listMembers(t.core.db)).items).toHaveLength(2);
  });

  it('never brings back who was erased', async () => {
    await apply(both);
    const [person] = (await listMembers(t.core.db, { search: 'druga' })).items;
    await t.core.transaction((unit) => eraseMember(unit, person?.id ?? ''));
    const again = await plan('firma;osoba\nŻółw Testowy;Osoba Druga\n');
    expect(again.lines[0]).toMatchObject({ verdict: 'add' });
  });
});

describe('a bad line', () => {
  const file = `firma;branża;www;osoba;email;rola;język
Dobra Pierwsza;ICT;;;;;
Zła Gałąź;górnictwo;;;;;
Zły Adres;;javascript:alert(1);;;;
"Zły cudzysłów;ICT;;;;;
Za Dużo;;;;;;;;x
Za Mało;ICT
Z Osobą;;;Osoba Testowa;to nie adres;;
Z Rolą;;;Osoba Testowa;;prezes;
Z Językiem;;;Osoba Testowa;;;klingoński
Bez Osoby;;;;ktos@x.example;;
;;;;;;
;ICT;;;;;
Dobra Druga;;;"Osoba ""Dobra"" Testowa";dobra@x.example;;
dobra pierwsza;;;;;;
Dobra Pierwsza;reklama;;;;;
Dobra Druga;;;Osoba Inna;DOBRA@x.example;;
<b>Dobra</b> & Trzecia;;;🙂;;;
Firma "Kowal" z cudzysłowem;;;;;;
"Firma wielowierszowa
druga linia";;;;;;
`;

  it('spoils no other line', async () => {
    const done = await apply(file);
    expect(outline(done)).toEqual([
      [2, 'add', 'company', 'Dobra Pierwsza'],
      [3, 'refuse', 'company', 'Zła Gałąź', 'people:errors.branchUnknown'],
      [4, 'refuse', 'company', 'Zły Adres', 'people:errors.website'],
      [5, 'refuse', 'company', '"Zły cudzysłów;ICT;;;;;', 'import:problem.quotes'],
      [6, 'refuse', 'company', 'Za Dużo', 'import:problem.columns'],
      [7, 'refuse', 'company', 'Za Mało', 'import:problem.columns'],
      [8, 'refuse', 'person', 'Osoba Testowa', 'people:errors.email'],
      [9, 'refuse', 'person', 'Osoba Testowa', 'import:problem.role'],
      [10, 'refuse', 'person', 'Osoba Testowa', 'import:problem.language'],
      [11, 'refuse', 'person', 'Bez Osoby', 'import:problem.noPerson'],
      [13, 'refuse', 'company', 'ICT', 'import:problem.nothing'],
      [14, 'add', 'company', 'Dobra Druga'],
      [14, 'add', 'person', 'Osoba "Dobra" Testowa'],
      [15, 'refuse', 'company', 'dobra pierwsza', 'import:problem.twice'],
      [16, 'refuse', 'company', 'Dobra Pierwsza', 'import:problem.contradicts'],
      [17, 'refuse', 'person', 'Osoba Inna', 'import:problem.twice'],
      [18, 'add', 'company', '<b>Dobra</b> & Trzecia'],
      [18, 'add', 'person', '🙂'],
      [19, 'add', 'company', 'Firma "Kowal" z cudzysłowem'],
      [20, 'add', 'company', 'Firma wielowierszowa druga linia'],
    ]);
    const names = (await listCompanies(t.core.db)).items.map((c) => c.name);
    expect(names).toHaveLength(5);
    expect(names).not.toContain('Z Osobą');
  });

  it('says why in both languages', async () => {
    for (const { problem } of (await plan(file)).lines) {
      if (!problem) continue;
      for (const language of ['pl', 'en'] as const) {
        const words = resolve(t.core.texts, language, problem);
        expect(words).not.toContain('{{');
        expect(words.length).toBeGreaterThan(10);
      }
    }
  });

  it('with a huge cell is refused, naming the column', async () => {
    const done = await plan(`firma;Oferta\nA;${'x'.repeat(4001)}\nB;${'x'.repeat(4000)}\nC;y\n`);
    expect(outline(done)).toEqual([
      [2, 'refuse', 'company', 'A', 'import:problem.cellTooLong'],
      [3, 'add', 'company', 'B'],
      [4, 'add', 'company', 'C'],
    ]);
    expect(done.lines[0]?.problem).toMatchObject({ params: { column: 'Oferta', max: 4000 } });
  });

  it('does not take the network’s only administrator away', async () => {
    await t.core.transaction((unit) =>
      saveMember(unit, {
        name: 'Administrator',
        email: 'a@x.example',
        role: 'administrator',
        language: 'pl',
      }),
    );
    const file = 'osoba;email;rola\nAdministrator;a@x.example;osoba\nNowa;n@x.example;administrator\n';
    expect(outline(await apply(file))).toEqual([
      [2, 'refuse', 'person', 'Administrator', 'people:errors.lastAdministrator'],
      [3, 'add', 'person', 'Nowa'],
    ]);
  });

  it('naming a person twice without e-mail is refused', async () => {
    const done = await plan('firma;osoba\nA;Osoba Testowa\nA;OSOBA TESTOWA\nB;Osoba Testowa\n');
    expect(done.lines.map((l) => l.verdict)).toEqual(['add', 'add', 'refuse', 'add', 'add']);
  });
});

describe('files as they come', () => {
  const text = 'firma;branża\r\nŻółta Łódź;usługi dla biznesu\r\n';

  it.each([
    ['UTF-8', iconv.encode(text, 'utf8')],
    ['UTF-8 with BOM', iconv.encode(text, 'utf8', { addBOM: true })],
    ['Windows-1250', iconv.encode(text, 'windows-1250')],
    ['UTF-16', iconv.encode(text, 'utf-16', { addBOM: true })],
    ['old Mac line ends', iconv.encode(text.replaceAll('\r\n', '\r'), 'utf8')],
    ['commas', iconv.encode(text.replaceAll(';', ','), 'utf8')],
    ['tabs', iconv.encode(text.replaceAll(';', '\t'), 'utf8')],
    ['Excel’s separator line', iconv.encode(`sep=;\r\n${text}`, 'utf8')],
    ['blank lines before the header', iconv.encode(`\r\n\r\n${text}`, 'utf8')],
    ['quoted header', iconv.encode(text.replace('firma;branża', '"firma";"branża"'), 'utf8')],
  ])('are read: %s', async (_name, file) => {
    await apply(file);
    const { items } = await listCompanies(t.core.db);
    expect(items.map((c) => [c.name, c.branch?.id])).toEqual([['Żółta Łódź', 'services']]);
  });

  it.each([
    ['Firma;Branża;Imię;Nazwisko;E-mail', 'A;ICT;Osoba;Testowa;o@x.example'],
    ['COMPANY,BRANCH,PERSON,EMAIL', 'A,ict,Osoba Testowa,o@x.example'],
    ['Company name;Industry;Full name;E-mail address', 'A;ICT;Osoba Testowa;o@x.example'],
    ['company;branch;name;mail', 'A;ICT;Osoba Testowa;o@x.example'],
    ['e-mail;imię i nazwisko;firma;branża;coś innego', 'o@x.example;Osoba Testowa;A;ICT;nieważne'],
  ])('with the header %s', async (header, line) => {
    await apply(`${header}\n${line}\n`);
    expect((await listMembers(t.core.db)).items[0]).toMatchObject({
      name: 'Osoba Testowa',
      email: 'o@x.example',
      company: { name: 'A' },
    });
    expect((await listCompanies(t.core.db)).items[0]?.branch?.id).toBe('ict');
  });

  it('name the columns nobody reads', async () => {
    expect((await plan('firma;NIP\nA;123\n')).ignored).toEqual(['NIP']);
  });

  it.each([
    ['', 'import:errors.empty'],
    [' \n\n', 'import:errors.empty'],
    ['Firma A;ICT\nFirma B;ICT\n', 'import:errors.noHeader'],
    ['jedna kolumna bez sensu', 'import:errors.noHeader'],
    ['firma;Company\nA;B', 'import:errors.headerTwice'],
    ['"firma;branża\nA;B', 'import:errors.headerQuotes'],
    ['PK\u0003\u0004\u0000\u0000', 'import:errors.notText'],
    [`firma\n${'A\n'.repeat(20_001)}`, 'import:errors.tooManyLines'],
  ])('are refused as a whole: %j', async (file, key) => {
    expect(await refused(file)).toBe(key);
  });

  it('are refused when too big', async () => {
    expect(await refused(new Uint8Array(5 * 1024 * 1024 + 1).fill(65))).toBe('import:errors.tooBig');
  });

  it('of any bytes are planned or refused, never an accident', async () => {
    const junk = fc.array(
      fc.constantFrom(
        'firma',
        ';',
        ',',
        '"',
        '\n',
        '\r\n',
        'osoba',
        'Ż',
        'a',
        '""',
        ' ',
        '🙂',
        'email',
        "'",
        '=',
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(junk, async (parts) => {
        await plan(`firma;osoba;email\n${parts.join('')}`);
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (file) => {
        await planImport(t.core.db, file).catch((e: unknown) => expect(e).toBeInstanceOf(DomainError));
      }),
      { numRuns: 150 },
    );
  });

  it('keep their other lines whatever stands in one of them', () => {
    const broken = fc.stringMatching(/^[a"; ]{1,20}$/);
    fc.assert(
      fc.property(broken, (line) => {
        const records = readRecords(`firma;branża\nA;1\n${line}\nB;2\nC;3\n`);
        const cells = records.flatMap((r) => (r.cells ? [r.cells.join('|')] : []));
        expect(cells).toContain('A|1');
        expect(cells).toContain('B|2');
        expect(cells).toContain('C|3');
      }),
    );
  });
});

describe('an import of thousands', () => {
  it('is done in bulk', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `Firma ${i % 700};ICT;Osoba ${i};o${i}@x.example`);
    const done = await apply(`firma;branża;osoba;email\n${lines.join('\n')}\n`);
    expect(done.counts).toMatchObject({ add: 3700, refuse: 0 });
    const [first] = (await listCompanies(t.core.db, { limit: 1 })).items;
    expect(await findCompanyView(t.core.db, first?.id ?? '')).toMatchObject({ branch: { id: 'ict' } });
  });

  it('stops at an edit made between preview and import only where it matters', async () => {
    const { id } = await t.core.transaction((unit) => saveCompany(unit, { name: 'A', unit: 'stary' }));
    const file = 'firma;budynek\nA;nowy\n';
    expect((await plan(file)).lines[0]?.changes).toEqual([{ field: 'unit', from: 'stary', to: 'nowy' }]);
    await t.core.transaction((unit) => saveCompany(unit, { id, name: 'A', unit: 'nowy' }));
    expect((await apply(file)).lines[0]?.verdict).toBe('same');
  });
});
