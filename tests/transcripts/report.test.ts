import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setBarrierStatus } from '../../core/barriers/handle.ts';
import { barriersOf, listBarriers } from '../../core/barriers/list.ts';
import { reportBarrier } from '../../core/barriers/report.ts';
import { eraseMember } from '../../core/members/erase.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';
import { Person } from './transcript.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

describe('reporting a barrier', () => {
  it('with /zglos takes two questions and gives a number', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    await person.verify([
      ['/zgłoś', ['w czym jest przeszkoda', 'anonimowo']],
      ['Nie działa brama od północy', ['Czego to dotyczy?', '[infrastruktura]', '[finanse]']],
      [
        '[infrastruktura]',
        ['✓ infrastruktura', 'Kto może zobaczyć', 'Anna Przykładowa, firma: Firma Testowa'],
      ],
      ['[Tylko zespół]', ['Zgłoszenie nr 1 przyjęte', 'Zespół je widzi']],
    ]);
    expect((await listBarriers(test.core.db)).items).toMatchObject([
      {
        number: 1,
        kind: 'infrastructure',
        visibility: 'private',
        text: 'Nie działa brama od północy',
        reporter: { name: 'Anna Przykładowa' },
      },
    ]);
  });

  it('with the words written into the field of the menu’s button asks for them no more', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('/menu');
    await person.verify([
      [
        { fill: 'Zgłoś', words: 'Nie działa brama' },
        ['Czego to dotyczy?', { not: 'w czym jest przeszkoda' }],
      ],
      ['[infrastruktura]', 'Kto może zobaczyć'],
      ['[Tylko zespół]', 'Zgłoszenie nr 1 przyjęte'],
    ]);
  });

  it('in English, shared without a name, with the buttons typed as words', async () => {
    const { person } = await joinedMember(test, 'John Example', { language: 'en' });
    await person.verify([
      ['/report', 'Write what is in your way'],
      ['The internet is slow', 'What is it about?'],
      ['infrastructure', 'Who may see this report?'],
      ['others too, unsigned', 'Report no. 1 taken'],
    ]);
    expect((await listBarriers(test.core.db)).items).toMatchObject([{ visibility: 'shared' }]);
  });

  it('with the text behind the command asks for it no more', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brakuje miejsc parkingowych', ['Czego to dotyczy?', { not: 'Przekazać' }]],
    ]);
  });

  it('of nothing but signs asks for words, however it comes', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos 👍', ['Opisz to, proszę, słowami', { not: 'Czego to dotyczy?' }]],
      ['Nie działa brama', 'Czego to dotyczy?'],
    ]);
  });

  it('from a text out of the blue is offered, never swallowed', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      [
        'Cieknie dach w hali',
        ['> Cieknie dach w hali', 'Przekazać to zespołowi?', '[Tak, przekaż]', '[Nie]'],
      ],
      ['W narożniku od wschodu', ['Dopisane', 'Cieknie dach w hali\nW narożniku od wschodu', 'Przekazać']],
      ['tak', 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może zobaczyć'],
      ['[Inni też, bez podpisu]', 'Zgłoszenie nr 1 przyjęte'],
      ['A drzwi się nie domykają', 'Przekazać to zespołowi?'],
      ['[Nie]', 'nie przekazujemy tego nikomu'],
    ]);
    expect(await barriersOf(test.core.db, id)).toHaveLength(1);
  });

  it('can be anonymous to staff, and staff never learns who it was, yet their answer arrives', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: staff } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await person.verify([
      ['/zglos Faktury czekają miesiącami', 'Czego to dotyczy?'],
      ['[finanse]', ['Zespół zobaczy, kto zgłasza (Anna', '[Ukryj mnie przed zespołem]']],
      ['[Ukryj mnie przed zespołem]', ['Anonimowo', '[Podpisz mnie jednak]']],
      ['[Tylko zespół]', ['Zgłoszenie nr 1 przyjęte', 'Zespół nie widzi, od kogo jest']],
    ]);
    const notice = staff.news();
    expect(notice).toContain('Faktury czekają miesiącami');
    expect(notice).not.toContain('Anna');
    expect(notice).not.toContain('Firma Testowa');
    expect((await listBarriers(test.core.db)).items).toMatchObject([
      { anonymous: true, reporter: null, company: null },
    ]);
    await staff.verify([[{ reply: 'Sprawdzamy w księgowości', to: 'Faktury czekają' }, 'Odpowiedź wysłana']]);
    const answer = person.news();
    expect(answer).toContain('Sprawdzamy w księgowości');
    await person.verify([
      [{ reply: 'Dziękuję, czekam', to: 'Sprawdzamy w księgowości' }, 'Dodane do Twojego zgłoszenia'],
    ]);
    const more = staff.news();
    expect(more).toContain('Dziękuję, czekam');
    expect(more).not.toContain('Anna');
  });

  it('takes more words in reply to the message with the number', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', 'Czego'],
      ['[infrastruktura]', 'Kto'],
      ['[Tylko zespół]', 'nr 1'],
      [{ reply: 'Dziś znowu', to: 'Zgłoszenie nr 1' }, 'Dodane do Twojego zgłoszenia'],
    ]);
    expect(await barriersOf(test.core.db, id)).toHaveLength(1);
  });
});

describe('what others report', () => {
  it('is listed in the reader’s language, newest first, with no name and nothing that is the staff’s only', async () => {
    const { person: anna } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: john } = await joinedMember(test, 'John Example', { language: 'en' });
    await anna.verify([
      ['/zgloszenia', 'Nie ma jeszcze zgłoszeń'],
      ['/zglos Brama nie działa', 'Czego'],
      ['[infrastruktura]', 'Kto'],
      ['[Inni też, bez podpisu]', 'nr 1'],
      ['/zglos Brakuje nam spawacza', 'Czego'],
      ['[kadry i kompetencje]', 'Kto'],
      ['[Tylko zespół]', 'nr 2'],
      [`/zglos ${'Faktury czekają miesiącami. '.repeat(20)}`, 'Czego'],
      ['[finanse]', 'Kto'],
      ['[Ukryj mnie przed zespołem]', 'Anonimowo'],
      ['[Inni też, bez podpisu]', 'nr 3'],
    ]);
    await test.core.transaction(async (unit) => {
      const [newest] = (await listBarriers(unit.db)).items;
      await setBarrierStatus(unit, newest?.id ?? '', { status: 'inProgress' }, null);
    });
    const list = await john.does('[What others report]');
    for (const words of [
      'Reports everyone may see',
      'no. 3, finance, in progress\n> Faktury czekają',
      'no. 1, infrastructure, new\n> Brama nie działa',
      '/report',
    ]) {
      expect(list).toContain(words);
    }
    expect(list.indexOf('no. 3')).toBeLessThan(list.indexOf('no. 1'));
    for (const words of ['spawacza', 'no. 2', 'Anna', 'Firma Testowa']) expect(list).not.toContain(words);
    expect(list.length).toBeLessThan(500);
    await anna.verify([
      [
        'co zgłaszają inni',
        ['Zgłoszenia, które mogą zobaczyć wszyscy', 'nr 3, finanse, w toku', 'nr 1, infrastruktura, nowe'],
      ],
    ]);
  });

  it('of somebody who erased themselves goes from the lists others were shown', async () => {
    const { id } = await joinedMember(test, 'Anna Przykładowa');
    const { person } = await joinedMember(test, 'Jan Przykładowy');
    const report = { kind: 'other', visibility: 'shared', anonymous: false } as const;
    await test.core.transaction((unit) =>
      reportBarrier(unit, { ...report, memberId: id, text: 'Mój sekret' }),
    );
    await person.verify([['/zgloszenia', 'Mój sekret']]);
    await test.core.transaction((unit) => eraseMember(unit, id));
    await test.settle();
    const shown = JSON.stringify(test.channels.telegram.sent.concat(test.channels.webchat.sent));
    expect(shown).not.toContain('Mój sekret');
    expect(shown).toContain('Usunięte razem');
  });

  it('shows the newest ten, and not to somebody who has not joined', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await test.core.transaction(async (unit) => {
      for (let n = 1; n <= 12; n++) {
        await reportBarrier(unit, {
          memberId: id,
          text: `Sprawa ${n}`,
          kind: 'other',
          visibility: 'shared',
          anonymous: false,
        });
      }
    });
    await person.verify([
      ['/reports', ['nr 12, inne, nowe', 'nr 3, inne, nowe', { not: 'nr 2,' }, { not: 'nr 1,' }]],
    ]);
    await new Person(test).verify([['/zgloszenia', ['z zaproszeniem', { not: 'Sprawa' }]]]);
  });
});

describe('a half-done report', () => {
  it('asks its question again when a nod is no answer to it', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['Brama nie działa', 'Przekazać to zespołowi?'],
      ['👍', ['jeden z przycisków', 'Przekazać to zespołowi?', { not: 'Gdyby coś było potrzebne' }]],
      ['ok', 'Czego to dotyczy?'],
      ['ok', ['jeden z przycisków', 'Czego to dotyczy?', { not: 'Dopisane' }]],
    ]);
  });

  it('stays open across commands and is offered again', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', 'Czego to dotyczy?'],
      ['/pomoc', ['/sondy', 'Niedokończone: zgłoszenie.', '[Kontynuuj]']],
      ['[Kontynuuj]', ['✓ Kontynuuj', 'Czego to dotyczy?']],
      ['[infrastruktura]', 'Kto może zobaczyć'],
    ]);
  });

  it('is left with /anuluj and taken up again', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', 'Czego to dotyczy?'],
      ['/anuluj', ['Przerwane: zgłoszenie', '[Kontynuuj]', '[Porzuć]']],
      ['dziękuję', ['Cieszymy się', { not: 'Dopisane' }]],
      ['[Kontynuuj]', 'Czego to dotyczy?'],
      ['anuluj', 'Przerwane'],
      ['/zgłoś', 'Czego to dotyczy?'],
      ['/cancel', 'Przerwane'],
      ['[Porzuć]', 'Nic nie zostało wysłane'],
      ['/cancel', 'Nie ma teraz nic do przerwania'],
    ]);
    expect((await listBarriers(test.core.db)).items).toEqual([]);
  });

  it('is not lost when another dialog comes between', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', 'Czego to dotyczy?'],
      ['/ja', ['Co o Tobie wiemy', 'Niedokończone: zgłoszenie.']],
      ['[Zmień imię]', 'Jak się nazywasz?'],
      ['Anna Nowa-Testowa', ['Zapisane: Anna Nowa-Testowa', 'Niedokończone: zgłoszenie.']],
      ['[Kontynuuj]', 'Czego to dotyczy?'],
    ]);
  });

  it('is asked in the new language from the moment it is switched, buttons included', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', ['Czego to dotyczy?', '[finanse]']],
      ['/jezyk', '[English]'],
      ['[English]', ['From now on we use English', 'What is it about?', '[finance]', { not: 'Czego' }]],
      ['[infrastructure]', ['Who may see this report?', '[Only the staff]', { not: 'Kto może' }]],
      ['po polsku', ['Od teraz piszemy po polsku', 'Kto może zobaczyć', '[Tylko zespół]']],
      ['[Tylko zespół]', 'Zgłoszenie nr 1 przyjęte'],
    ]);
  });
});

describe('old buttons', () => {
  it('get a kind answer and the question that stands now', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Brama nie działa', 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może zobaczyć'],
      [
        { old: 'finanse' },
        ['Ten przycisk jest już nieaktualny', 'Kto może zobaczyć', { not: 'Czego to dotyczy?' }],
      ],
      ['[Tylko zespół]', 'Zgłoszenie nr 1'],
      [{ old: 'Tylko zespół' }, ['już nieaktualny', 'menu']],
    ]);
    expect((await listBarriers(test.core.db)).items).toHaveLength(1);
  });

  it('of somebody else do nothing', async () => {
    const { person: anna } = await joinedMember(test, 'Anna Przykładowa');
    const { person: jan } = await joinedMember(test, 'Jan Testowy');
    await anna.does('/zglos Brama nie działa');
    const annas = anna.press(['infrastruktura']);
    await jan.verify([
      [annas, ['należy do wiadomości innej osoby', { not: 'Kto może' }]],
      [{ ...annas, token: 'AAAAAAAAAAAAAAAA' }, 'należy do wiadomości innej osoby'],
    ]);
    await anna.verify([
      [{ ...annas, id: 'kind.nonsense' }, 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może'],
    ]);
  });
});
