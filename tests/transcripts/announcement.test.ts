import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnnouncementDraft } from '../../core/announcements/announcement.ts';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { listReplies } from '../../core/replies/list.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

async function announce(authorId: string | null, more: Partial<AnnouncementDraft> = {}): Promise<void> {
  await test.core.transaction((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: 'Przerwa w dostawie wody', en: 'Water is off' },
        text: { pl: 'W budynku A, 24 listopada.', en: 'In building A, 24 November.' },
        confirm: true,
        ...more,
      },
      authorId,
    ),
  );
  await test.settle();
}

const confirmations = async () => {
  const rows = await test.core.db
    .selectFrom('delivery')
    .select('confirmed_at')
    .where('purpose', '=', 'main')
    .execute();
  return rows.filter((r) => r.confirmed_at !== null).length;
};

describe('an announcement', () => {
  it('is confirmed once, undone within five minutes and not after', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null);
    expect(person.news()).toContain('Przerwa w dostawie wody');
    await person.verify([['[Przeczytane ✓]', ['Przerwa w dostawie wody', '[Cofnij]']]]);
    expect(await confirmations()).toBe(1);
    await person.verify([[{ old: 'Przeczytane ✓' }, 'Mamy już Twoje potwierdzenie']]);
    expect(await confirmations()).toBe(1);
    await person.verify([['[Cofnij]', '[Przeczytane ✓]']]);
    expect(await confirmations()).toBe(0);
    await person.does('[Przeczytane ✓]');
    test.clock.advance(6 * 60_000);
    await person.verify([[{ old: 'Cofnij' }, 'tylko przez pięć minut']]);
    expect(await confirmations()).toBe(1);
  });

  it('is confirmed in words as by the button, alone or in reply to it', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null);
    person.news();
    await person.verify([
      ['Przeczytane!', ['Mamy Twoje potwierdzenie. Ogłoszenie: Przerwa', '[Cofnij]', { not: 'Przekazać' }]],
      [{ reply: 'przeczytałam', to: 'W budynku A' }, 'Mamy już Twoje potwierdzenie'],
      ['[Cofnij]', '[Przeczytane ✓]'],
      [{ reply: 'przeczytane ✓', to: 'W budynku A' }, ['Mamy Twoje potwierdzenie', '[Cofnij]']],
    ]);
    expect(await confirmations()).toBe(1);
    expect((await listReplies(test.core.db, { open: true })).items).toEqual([]);
  });

  it('confirmed in words that may mean another one is asked which', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null);
    await announce(null, { title: { pl: 'Parking', en: 'Car park' } });
    person.news();
    await person.verify([['przeczytane', ['Ostatnie ogłoszenia', '(Parking)', '(Przerwa']]]);
    expect(await confirmations()).toBe(0);
  });

  it('in English has English buttons', async () => {
    const { person } = await joinedMember(test, 'John Example', { language: 'en' });
    await announce(null);
    person.news();
    await person.verify([['[Read ✓]', 'Water is off']]);
  });

  it('is replied to in the field its button opens, with no question between', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null, { replies: true });
    person.news();
    await person.verify([
      [{ fill: 'Odpowiedz', words: 'Czy mamy wyjść?' }, ['Mamy Twoją odpowiedź', { not: 'Napisz swoją' }]],
      [{ fill: 'Odpowiedz', words: ' \u200b' }, 'Ta wiadomość jest pusta'],
    ]);
    const { items } = await listReplies(test.core.db, { open: true });
    expect(items.map((reply) => reply.text)).toEqual(['Czy mamy wyjść?']);
  });

  it('takes no words from a field of somebody else’s message', async () => {
    const { person: anna } = await joinedMember(test, 'Anna Przykładowa');
    const { person: jan } = await joinedMember(test, 'Jan Testowy');
    await announce(null, { replies: true });
    const { token, id } = anna.press(['Odpowiedz']);
    await jan.verify([
      [{ type: 'text', text: 'Podrzucone', field: { token, id } }, 'Przekazać to zespołowi?'],
    ]);
    expect((await listReplies(test.core.db, { open: true })).items).toEqual([]);
  });

  it('is not confirmed by anybody else’s press', async () => {
    const { person: anna } = await joinedMember(test, 'Anna Przykładowa');
    const { person: jan } = await joinedMember(test, 'Jan Testowy');
    await announce(null);
    anna.news();
    jan.news();
    await jan.verify([[anna.press(['Przeczytane ✓']), 'należy do wiadomości innej osoby']]);
    expect(await confirmations()).toBe(0);
  });

  it('collects replies, by "reply" and by the button; its author answers from the chat', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: staff, id: staffId } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await announce(staffId);
    person.news();
    staff.news();
    await person.verify([
      [{ reply: 'A w budynku B?', to: 'Przerwa w dostawie wody' }, 'Mamy Twoją odpowiedź'],
      ['[Odpowiedz]', 'Zespół zobaczy ją przy tym ogłoszeniu'],
      ['I o której?', 'Mamy Twoją odpowiedź'],
    ]);
    const notice = staff.news();
    for (const words of [
      'Nowa odpowiedź',
      'Od: Anna Przykładowa, Firma Testowa',
      '> A w budynku B?',
      '> I o której?',
    ]) {
      expect(notice).toContain(words);
    }
    expect((await listReplies(test.core.db)).items.map((r) => r.text).sort()).toEqual([
      'A w budynku B?',
      'I o której?',
    ]);
    await staff.verify([
      [{ reply: 'W budynku B woda jest', to: 'A w budynku B?' }, 'Odpowiedź wysłana'],
      ['[Odpowiedz]', 'Osoba dostanie ją'],
      ['Od ósmej', 'Odpowiedź wysłana'],
    ]);
    const answers = person.news();
    expect(answers).toContain('W budynku B woda jest');
    expect(answers).toContain('Od ósmej');
    await person.verify([[{ reply: 'Dziękuję bardzo za to', to: 'Od ósmej' }, 'Mamy Twoją odpowiedź']]);
  });

  it('that takes no replies offers to pass the words on all the same', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null, { replies: false });
    person.news();
    await person.verify([
      [{ reply: 'A w budynku B?', to: 'Przerwa' }, ['nie zbieramy odpowiedzi', 'Przekazać to zespołowi?']],
    ]);
  });

  it('"stop" in reply to it stops everything', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null);
    person.news();
    await person.verify([[{ reply: 'STOP', to: 'Przerwa' }, 'Nic więcej do Ciebie nie wyślemy']]);
  });

  it('is listed, the unconfirmed first, and shown again', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await announce(null);
    person.news();
    await person.does('[Przeczytane ✓]');
    test.clock.advance(60_000);
    await announce(null, { title: { pl: 'Parking', en: 'Car park' } });
    test.clock.advance(60_000);
    await announce(null, { title: { pl: 'Informacja', en: 'Notice' }, confirm: false });
    person.news();
    const list = await person.does('/ogloszenia');
    expect(list).toContain('Parking: czeka na Twoje potwierdzenie');
    expect(list).toContain('Przerwa w dostawie wody: przeczytane ✓ 23 listopada 2026');
    expect(list.indexOf('Parking')).toBeLessThan(list.indexOf('Informacja'));
    await person.verify([
      [{ pick: ['Parking'] }, ['Parking', '[Przeczytane ✓]', { not: 'rzypomn' }]],
      ['[Przeczytane ✓]', '[Cofnij]'],
      [{ pick: ['Przerwa w dostawie wody'] }, 'Przerwa w dostawie wody'],
    ]);
    expect(await confirmations()).toBe(2);
  });
});

describe('/announce', () => {
  it('guides staff to a preview with the number of recipients, and sends', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: staff } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await staff.verify([
      ['/ogłoś', 'Podaj tytuł ogłoszenia po polsku'],
      ['Zebranie', 'Podaj treść po polsku'],
      ['W środę o 14:00 w sali 2.', ['Podaj tytuł po angielsku', '[Pomiń tę wersję językową]']],
      ['Meeting', 'Podaj treść po angielsku'],
      ['Wednesday, 2 pm, room 3.', ['Kto ma je dostać?', '[Wszyscy]', '[Wybrane branże]']],
      ['[Wszyscy]', 'Poprosić o potwierdzenie'],
      [
        '[Tak, poproś]',
        [
          'Tak to zobaczą odbiorcy',
          'Zebranie',
          'Meeting',
          'Odbiorcy: Wszyscy',
          'Ilu odbiorców: 2 osoby, 1 firma',
          'Wersje językowe się różnią',
          '[Wyślij mimo różnic]',
        ],
      ],
      ['[Wyślij mimo różnic]', 'przyjęte do wysyłki'],
    ]);
    expect(person.news()).toContain('Zebranie');
  });

  it('can leave a language out, choose branches or a company, be mended and dropped', async () => {
    await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: staff } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await staff.verify([
      ['[Wyślij ogłoszenie]', 'Podaj tytuł'],
      ['x'.repeat(201), ['znaków jest 201, a mieści się 200', 'Podaj tytuł']],
      ['Zebranie', 'Podaj treść'],
      ['W środę.', 'po angielsku'],
      ['[Pomiń tę wersję językową]', 'Kto ma je dostać?'],
      ['[Wybrane branże]', ['Które branże?', '(inne)']],
      [{ pick: ['ICT', 'inne'] }, ['✓ ICT, inne', 'Poprosić']],
      ['[Nie]', ['Odbiorcy: ICT, inne', 'Ilu odbiorców: 1 osoba, 1 firma', 'Wersje językowe']],
      ['[Popraw]', ['Podaj tytuł ogłoszenia po polsku', '> Zebranie', '[Zostaw bez zmian]']],
      ['[Zostaw bez zmian]', ['treść', '> W środę.']],
      ['W czwartek.', 'po angielsku'],
      ['Meeting', ['treść po angielsku', { not: '[Zostaw bez zmian]' }]],
      ['On Thursday.', 'Kto'],
      ['[Wszyscy]', 'Poprosić'],
      ['[Nie]', ['W czwartek.', 'On Thursday.']],
      ['[Popraw]', '> Zebranie'],
      ['[Zostaw bez zmian]', '> W czwartek.'],
      ['[Zostaw bez zmian]', ['> Meeting', '[Zostaw bez zmian]', '[Pomiń tę wersję językową]']],
      ['[Pomiń tę wersję językową]', 'Kto'],
      ['[Jedna firma]', 'Jaka firma?'],
      ['firma tes', '[Firma Testowa]'],
      ['[Firma Testowa]', 'Poprosić'],
      ['[Nie]', ['Odbiorcy: Firma Testowa', { not: 'On Thursday.' }]],
      ['[Nie wysyłaj]', 'Nie wysłane'],
    ]);
    expect(await test.core.db.selectFrom('announcement').selectAll().execute()).toEqual([]);
  });

  it('that would reach nobody asks again who is to get it, and keeps the words', async () => {
    await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    const { person: staff } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await staff.verify([
      ['/ogłoś', 'Podaj tytuł'],
      ['Zebranie', 'Podaj treść'],
      ['W środę.', 'po angielsku'],
      ['[Pomiń tę wersję językową]', 'Kto ma je dostać?'],
      ['[Wybrane branże]', 'Które branże?'],
      [{ pick: ['reklama'] }, 'Poprosić'],
      ['[Nie]', ['Teraz nikt nie dostanie tej wiadomości', 'Kto ma je dostać?', { not: 'Wysłać?' }]],
      ['[Wszyscy]', 'Poprosić'],
      ['[Nie]', ['Zebranie', 'Odbiorcy: Wszyscy', '[Wyślij mimo różnic]']],
    ]);
  });

  it('is for staff only', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/announce', 'tylko zespół'],
      ['/menu', ['[Sondy]', { not: 'Wyślij ogłoszenie' }]],
    ]);
  });
});
