import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { answerBarrier } from '../../core/barriers/handle.ts';
import { listBarriers } from '../../core/barriers/list.ts';
import { takeEvent } from '../../core/inbox.ts';
import { findMemberView, listMembers } from '../../core/members/view.ts';
import { sayToMember } from '../../core/outbox.ts';
import { literal } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

const statusOf = async (id: string) => (await findMemberView(test.core.db, id))?.status;

describe('the menu', () => {
  it('answers to commands and words of both languages, with or without diacritics', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    for (const says of ['/menu', '/start', 'menu', 'Menu.', '/MENU'])
      await person.verify([[says, '[Sondy]']]);
    for (const says of ['/help', '/pomoc', 'pomoc', 'HELP']) await person.verify([[says, '/ogloszenia']]);
    for (const says of ['/ogłoszenia', '/ogloszenia', '/announcements', '[Ogłoszenia]', 'ogłoszenia']) {
      await person.verify([[says, 'Nie ma jeszcze żadnych ogłoszeń']]);
    }
    for (const says of ['/sondy', '/polls', '[Sondy]'])
      await person.verify([[says, 'Nie ma teraz otwartych sond']]);
    for (const says of ['/język', '/jezyk', '/language', '[Język / Language]'])
      await person.verify([[says, '[English]']]);
    await person.verify([['/cokolwiek', 'Nie znamy tego polecenia']]);
  });

  it('answers greetings and thanks shortly', async () => {
    const { person } = await joinedMember(test, 'John Example', { language: 'en' });
    await person.verify([
      ['Hello!', ['Hello.', '[Polls]', { not: 'pass this on' }]],
      ['dzień dobry', 'Hello.'],
      ['Thanks :)', 'Glad to help'],
      ['👍', ['All right', { not: 'pass this on' }]],
      ['OK', 'All right'],
    ]);
  });
});

describe('/stop', () => {
  it('stops everything at once and coming back is one tap', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([['/stop', ['Nic więcej do Ciebie nie wyślemy', '[Wróć]']]]);
    expect(await statusOf(id)).toBe('stopped');
    await person.verify([
      ['/menu', ['[Sondy]', 'zatrzymana', '[Wróć]']],
      ['[Wróć]', 'znów działa'],
    ]);
    expect(await statusOf(id)).toBe('active');
    await person.verify([
      ['STOP', 'Nic więcej do Ciebie nie wyślemy'],
      ['/start', 'znów działa'],
    ]);
    expect(await statusOf(id)).toBe('active');
  });

  it('leaves nobody who writes all the same without an answer', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const { person: other } = await joinedMember(test, 'John Example', { language: 'en' });
    await other.does('/report The gate is broken');
    await other.does('[infrastructure]');
    await other.does('[Others too, unsigned]');
    await person.does('/stop');
    await person.verify([
      ['/zgloszenia', 'The gate is broken'],
      ['Dzień dobry', ['Dzień dobry.', 'zatrzymana', '[Wróć]']],
      ['/zglos Winda nie działa', 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może zobaczyć'],
      [
        '[Ukryj mnie przed zespołem]',
        ['dopiero, gdy wrócisz', 'zatrzymana', { not: 'i tak do Ciebie trafi' }],
      ],
      [
        '[Tylko zespół]',
        ['Zgłoszenie nr 2 przyjęte', 'poczeka, aż wrócisz', '[Wróć]', { not: 'O każdej zmianie napiszemy' }],
      ],
      ['[Wróć]', 'znów działa'],
    ]);
  });

  it('keeps the answers to one’s own words until one is back, and nothing else', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('/zglos Winda nie działa');
    await person.does('[infrastruktura]');
    await person.does('[Tylko zespół]');
    await person.does('/stop');
    const [report] = (await listBarriers(test.core.db)).items;
    await test.core.transaction((unit) => answerBarrier(unit, report?.id ?? '', 'Jutro naprawimy', null));
    await test.core.transaction((unit) =>
      sayToMember(unit, id, [{ type: 'text', text: literal('Coś innego') }]),
    );
    await test.settle();
    expect(person.news()).toBe('');
    await person.verify([['[Wróć]', ['znów działa', 'Jutro naprawimy', { not: 'Coś innego' }]]]);
    await person.does('/stop');
    await person.verify([['[Wróć]', ['znów działa', { not: 'Jutro naprawimy' }]]]);
  });

  it('said when unblocking offers the way back', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('/stop');
    await person.verify([
      [{ type: 'blocked' }, ''],
      [{ type: 'joined' }, '[Wróć]'],
    ]);
    expect(await statusOf(id)).toBe('stopped');
  });
});

describe('what is known of me', () => {
  it('is told in full', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { company: 'Firma Testowa' });
    await person.verify([
      ['/zglos Brama nie działa', 'Czego'],
      ['[finanse]', 'Kto'],
      ['[Tylko zespół]', 'nr 1'],
      [
        'Jakie dane o mnie macie?',
        [
          'Imię i nazwisko: Anna Przykładowa',
          'Firma: Firma Testowa',
          'Język: Polski',
          'Komunikatory: Telegram',
          'Zgoda: 23 listopada 2026',
          'nr 1, nowe',
          '> Brama nie działa',
          '[Usuń moje dane]',
        ],
      ],
      ['/me', 'Co o Tobie wiemy'],
    ]);
  });

  it('is erased on the staff’s screens too: no word, no name is left in what they were told', async () => {
    const { person: staff, id: authorId } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const both = { pl: 'Woda', en: 'Water' };
    await test.core.transaction((unit) =>
      createAnnouncement(unit, { title: both, text: both, confirm: false }, authorId),
    );
    await test.settle();
    person.news();
    await person.verify([
      [{ reply: 'A u mnie sucho', to: 'Woda' }, 'Mamy Twoją odpowiedź'],
      ['/zgłoś Dach przecieka', 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może zobaczyć'],
      ['[Tylko zespół]', 'przyjęte'],
    ]);
    const traces = /sucho|przecieka|Anna/;
    for (const words of ['A u mnie sucho', 'Dach przecieka', 'Anna Przykładowa']) {
      expect(staff.screen()).toContain(words);
    }
    await person.verify([
      ['/usun', 'Tego nie da się cofnąć'],
      ['[Usuń moje dane]', 'Twoje dane są usunięte'],
    ]);
    expect(staff.screen()).toContain('Usunięte razem z danymi tej osoby');
    expect(staff.screen()).not.toMatch(traces);
    expect(JSON.stringify(await test.core.db.selectFrom('delivery').selectAll().execute())).not.toMatch(
      traces,
    );
  });

  it('is erased for good after one question', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/ja', '[Usuń moje dane]'],
      ['[Usuń moje dane]', ['Tego nie da się cofnąć', '[Nie, zostaw]']],
      ['[Nie, zostaw]', 'Niczego nie usunęliśmy'],
      ['usuń moje dane', 'Tego nie da się cofnąć'],
      ['[Usuń moje dane]', ['Twoje dane są usunięte', { not: 'Niedokończone' }]],
      ['/ja', 'Nie masz u nas konta'],
      ['Cieknie dach', 'zaproszeniem'],
    ]);
    expect((await listMembers(test.core.db)).items).toEqual([]);
    expect(await statusOf(id)).toBe('erased');
  });

  it('erasing forgets a half-done report too', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zglos Tajemnica', 'Czego'],
      ['erase me', 'Tego nie da się cofnąć'],
      ['[Usuń moje dane]', ['Twoje dane są usunięte', { not: 'zgłoszenie.' }]],
      ['/continue', 'Nie ma teraz nic'],
    ]);
    const rows = await test.core.db.selectFrom('conversation').select('state').execute();
    expect(JSON.stringify(rows)).not.toContain('Tajemnica');
  });
});

describe('whatever is written', () => {
  it('gets an answer and stays plain data', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['', 'wiadomość jest pusta'],
      [{ type: 'text', text: '   \n\u200b ' }, 'wiadomość jest pusta'],
      [{ type: 'unsupported', what: 'voice' }, 'rozumiemy tylko tekst'],
      ['<b>hej</b> & <script>alert(1)</script>', '> <b>hej</b> & <script>alert(1)</script>'],
      ['[Nie]', 'nie przekazujemy'],
      [
        '**ważne** _bardzo_ [link](http://example.invalid)',
        '> **ważne** _bardzo_ [link](http://example.invalid)',
      ],
      ['[Nie]', 'nie przekazujemy'],
      ['مرحبا بالعالم', ['> مرحبا بالعالم', 'Przekazać']],
      ['[Nie]', 'nie przekazujemy'],
      ['🙂🙂🙂', ['W porządku', { not: 'Przekazać' }]],
      [{ type: 'text', text: 'zero\0bajt \ud800 koniec' }, ['Przekazać', { not: '\0' }]],
    ]);
  });

  it('of 10,000 characters is kept as far as said and nothing is lost silently', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const long = `${'ala ma kota '.repeat(833)}koniec`;
    await person.verify([
      ['/zgłoś', 'przeszkoda'],
      [long, ['Znaków w Twojej wiadomości jest 10 002', 'pierwsze ', 'Czego to dotyczy?']],
      ['jeszcze coś', ['mieści do 4000 znaków', '> jeszcze coś', '[Nie, zostaw poprzednią]']],
      ['[Nie, zostaw poprzednią]', 'Czego to dotyczy?'],
      ['[inne]', 'Kto może'],
      ['[Tylko zespół]', 'Zgłoszenie nr 1'],
    ]);
    const { text } = await test.core.db.selectFrom('barrier').select('text').executeTakeFirstOrThrow();
    expect(long.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(3990);
  });

  it('too long for a report gives way to a shorter one', async () => {
    const { person } = await joinedMember(test, 'John Example', { language: 'en' });
    await person.verify([
      ['/report', 'in your way'],
      ['the gate is closed again '.repeat(300), 'What is it about?'],
      ['The gate is closed at night.', ['this one is full', '[Yes, replace it]']],
      ['No, the gate is closed from ten to six.', ['> No, the gate', '[Yes, replace it]']],
      ['[Yes, replace it]', 'What is it about?'],
      ['[other]', 'Who may'],
      ['[Only the staff]', 'Report no. 1 taken'],
    ]);
    const { text } = await test.core.db.selectFrom('barrier').select('text').executeTakeFirstOrThrow();
    expect(text).toBe('No, the gate is closed from ten to six.');
  });

  it('an emoji is no report, but words are', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/zgłoś', 'przeszkoda'],
      ['😡', ['Opisz to, proszę, słowami', 'przeszkoda']],
      ['Winda stoi', 'Czego to dotyczy?'],
    ]);
  });
});

describe('replayed events', () => {
  it('are taken once', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const event = person.event({ type: 'command', name: 'menu', args: '' });
    await takeEvent(test.core, event);
    await takeEvent(test.core, event);
    await test.settle();
    expect(person.news().match(/\[Sondy\]/g)).toHaveLength(1);
  });

  it('of a channel are not mistaken for another channel’s', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa', { channel: 'webchat' });
    const { person: other } = await joinedMember(test, 'Jan Testowy', { channel: 'telegram' });
    await person.take({ type: 'command', name: 'menu', args: '' }, 'same-id');
    await other.take({ type: 'command', name: 'menu', args: '' }, 'same-id');
    await test.settle();
    expect(person.news()).toContain('[Sondy]');
    expect(other.news()).toContain('[Sondy]');
  });
});
