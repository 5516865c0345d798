import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInvitation, openLinkCode } from '../../core/invitations/invitation.ts';
import { createLinkCode, linkCodeMs } from '../../core/invitations/link-account.ts';
import { findMemberView, listMembers } from '../../core/members/view.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { firstAdministrator } from '../../core/sign-in/first-administrator.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { company, invite, joinedMember } from './network.ts';
import { Person } from './transcript.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

describe('joining with a personal invitation', () => {
  it('takes two taps in Polish', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa', company: 'Firma Testowa' });
    const anna = new Person(test, { languageHint: 'pl-PL' });
    await anna.verify([
      [
        `/start ${code}`,
        [
          'Witaj w sieci: Wici',
          'Zaproszenie dla: Anna Przykładowa',
          'Firma: Firma Testowa',
          '[Polski]',
          '[English]',
        ],
      ],
      [
        '[Polski]',
        ['✓ Polski', 'Twoja zgoda', 'Zespół sieci „Wici” widzi', '[Zgadzam się, dołączam]', '[Nie teraz]'],
      ],
      [
        '[Zgadzam się, dołączam]',
        ['✓ Zgadzam się, dołączam', 'Gotowe, jesteś w sieci', '[Sondy]', '[Ogłoszenia]', '[Zgłoś]'],
      ],
    ]);
    const { items } = await listMembers(test.core.db);
    expect(items).toMatchObject([
      {
        name: 'Anna Przykładowa',
        status: 'active',
        language: 'pl',
        consentVersion: 1,
        company: { name: 'Firma Testowa' },
      },
    ]);
  });

  it('takes two taps in English, guessed from the messenger', async () => {
    const code = await invite(test, { name: 'John Example' });
    const john = new Person(test, { languageHint: 'en-GB' });
    await john.verify([
      [`/start ${code}`, ['Welcome to the network: Wici', 'Invitation for: John Example']],
      ['[English]', ['Just your consent is left', 'The staff of Wici see', '[I agree, let me join]']],
      ['[I agree, let me join]', ['Done, you are in the network', '[Polls]', '[Announcements]']],
    ]);
  });

  it('can be put off and taken up again', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa' });
    const anna = new Person(test);
    await anna.verify([
      [`/start ${code}`, '[Polski]'],
      ['[Polski]', '[Nie teraz]'],
      ['[Nie teraz]', ['usuniemy po 30 dniach', 'otwórz zaproszenie jeszcze raz', { not: '/start' }]],
      [`/start ${code}`, 'Witaj w sieci'],
      ['polski', 'Twoja zgoda'],
      ['Zgadzam się, dołączam', 'jesteś w sieci'],
    ]);
  });

  it('tells a joined person who they are when another invitation is opened, and that joining twice is harmless', async () => {
    const anna = await joined();
    const other = await invite(test, { name: 'Ktoś Inny' });
    await anna.verify([
      [`/start ${other}`, ['Jesteś już w sieci „Wici” (Anna Przykładowa', { not: 'zgoda' }]],
    ]);
    expect((await listMembers(test.core.db)).items).toHaveLength(1);
  });

  it('takes the code typed as text or inside a link', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa' });
    await new Person(test).verify([[code, 'Zaproszenie dla: Anna Przykładowa']]);
    await new Person(test).verify([
      [`https://wici.example/chat?i=${code}`, 'Zaproszenie dla: Anna Przykładowa'],
    ]);
    await new Person(test).verify([['/start nieznany', ['aproszeni', { not: '[Polski]' }]]]);
  });

  it('an expired or used code is told apart', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa' });
    await (await joined(code)).verify([['/menu', '[Sondy]']]);
    await new Person(test).verify([[`/start ${code}`, ['aproszeni', { not: '[Polski]' }]]]);
  });

  async function joined(code?: string): Promise<Person> {
    const anna = new Person(test);
    const used = code ?? (await invite(test, { name: 'Anna Przykładowa' }));
    await anna.verify([
      [`/start ${used}`, '[Polski]'],
      ['[Polski]', '[Zgadzam się, dołączam]'],
      ['[Zgadzam się, dołączam]', 'Gotowe'],
    ]);
    return anna;
  }
});

describe('joining with the network’s open link', () => {
  it('asks for the company by the beginning of its name', async () => {
    await company(test, 'Łąka Testowa');
    await company(test, 'Beton Przykładowy');
    const code = await openLinkCode(test.core.db);
    const person = new Person(test, { displayName: 'Jan Testowy' });
    await person.verify([
      [`/start ${code}`, ['Witaj w sieci', '[Polski]']],
      ['[Polski]', ['Z jakiej firmy jesteś?', '[Nie ma jej na liście]']],
      ['qqqq', ['Nie znaleźliśmy takiej firmy', 'Z jakiej firmy jesteś?']],
      ['laka', ['Która to firma?', '[Łąka Testowa]', { not: 'Beton' }]],
      ['[Łąka Testowa]', ['✓ Łąka Testowa', 'Firma: Łąka Testowa', '[Zgadzam się, dołączam]']],
      ['[Zgadzam się, dołączam]', 'Gotowe, jesteś w sieci'],
    ]);
    expect((await listMembers(test.core.db)).items).toMatchObject([
      { name: 'Jan Testowy', company: { name: 'Łąka Testowa' }, role: 'member' },
    ]);
  });

  it('makes nobody when the company picked is gone by the time they agree', async () => {
    await company(test, 'Łąka Testowa');
    const person = new Person(test);
    await person.verify([
      [`/start ${await openLinkCode(test.core.db)}`, '[Polski]'],
      ['[Polski]', 'Z jakiej firmy'],
      ['łąka', '[Łąka Testowa]'],
      ['[Łąka Testowa]', 'Twoja zgoda'],
    ]);
    await test.core.db.deleteFrom('company').execute();
    await person.verify([['[Zgadzam się, dołączam]', 'Tej firmy nie ma na liście']]);
    expect((await listMembers(test.core.db)).items).toEqual([]);
  });

  it('lets everybody in without a code when the network is open', async () => {
    await test.core.transaction(async (unit) => updateNetwork(unit, { joining: 'open' }, 1));
    await new Person(test).verify([
      ['/start', ['Witaj w sieci', '[Polski]']],
      ['[Polski]', 'Z jakiej firmy jesteś?'],
      ['[Nie ma jej na liście]', 'Twoja zgoda'],
      ['[Nie teraz]', ['usuniemy po 30 dniach', 'napisz /start', { not: 'zaproszenie' }]],
      ['/start', '[Polski]'],
      ['[Polski]', 'Z jakiej firmy jesteś?'],
      ['[Nie ma jej na liście]', 'Twoja zgoda'],
      ['[Zgadzam się, dołączam]', 'Gotowe'],
    ]);
  });
});

describe('somebody who has not joined', () => {
  it('is told how to get in and never left without an answer', async () => {
    await test.core.transaction(async (unit) => updateNetwork(unit, { contact: 'biuro@wici.example' }, 1));
    await new Person(test).verify([
      ['/start', ['Do sieci dołącza się z zaproszeniem', 'biuro@wici.example']],
      ['Cieknie dach', 'nie możemy nikomu przekazać Twojej wiadomości'],
      ['/sondy', 'Do sieci dołącza się z zaproszeniem'],
      ['/me', 'Nie masz u nas konta'],
      ['/stop', 'nic do Ciebie nie wysyłamy'],
      ['/pomoc', 'Tutaj sieć rozmawia ze swoimi firmami'],
      ['/language', '[English]'],
      ['[English]', ['From now on we use English', '✓ English']],
      ['hello', 'You join the network with an invitation'],
    ]);
  });

  it('is asked the open question again instead of having their text swallowed', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa' });
    await new Person(test).verify([
      [`/start ${code}`, '[Polski]'],
      ['no dobrze, ale co dalej', ['jeden z przycisków', 'Witaj w sieci', '[Polski]']],
      [{ type: 'unsupported', what: 'sticker' }, ['rozumiemy tylko tekst', '[Polski]']],
    ]);
  });
});

describe('somebody who only writes, on a messenger that does not say what they read', () => {
  it('is offered the network’s other language, and told again in it', async () => {
    await new Person(test).verify([
      ['hello', ['Do sieci dołącza się z zaproszeniem', '[English]', { not: '[Polski]' }]],
      [
        '[English]',
        ['✓ English', 'From now on we use English', 'You join the network with an invitation', '[Polski]'],
      ],
    ]);
  });

  it('is offered none where the network speaks one alone', async () => {
    await test.core.transaction((unit) => updateNetwork(unit, { languages: ['pl'] }, 1));
    await new Person(test).verify([['hello', ['Do sieci dołącza się z zaproszeniem', { not: '[English]' }]]]);
  });
});

describe('the staff’s own first messenger', () => {
  it('is connected with the console’s code, which asks whoever has not joined for their consent', async () => {
    const { core } = test;
    const { id } = await core.transaction((unit) => firstAdministrator(unit, 'pl'));
    const makeCode = async () => (await core.transaction((unit) => createLinkCode(unit, id))).code;
    const status = async () => (await findMemberView(core.db, id))?.status;
    const person = new Person(test, { languageHint: 'pl' });
    await person.verify([
      [await makeCode(), ['Zaproszenie dla: Administrator', '[Polski]']],
      ['[Polski]', ['Twoja zgoda', '[Nie teraz]']],
      ['[Nie teraz]', 'bez Twojej zgody nic do Ciebie nie wysyłamy'],
    ]);
    expect(await status()).toBe('listed');
    await person.verify([
      [`/link ${(await makeCode()).toLowerCase()}`, '[Polski]'],
      ['[Polski]', '[Zgadzam się, dołączam]'],
      ['[Zgadzam się, dołączam]', ['Gotowe, jesteś w sieci', '[Wyślij ogłoszenie]']],
      ['/panel', 'Twój link do panelu'],
    ]);
    expect(await status()).toBe('active');
    expect((await listMembers(core.db)).items).toHaveLength(1);
  });

  it('is not connected with a code that has expired, and says so', async () => {
    const { id } = await test.core.transaction((unit) => firstAdministrator(unit, 'pl'));
    const { code } = await test.core.transaction((unit) => createLinkCode(unit, id));
    test.clock.advance(linkCodeMs);
    await new Person(test, { languageHint: 'pl' }).verify([[code, 'Ten kod wygasł']]);
  });
});

describe('somebody whose name nobody gave', () => {
  it('is asked for it once they are in, may pass over it, and is asked no more when it is known', async () => {
    const companyId = await company(test, 'Firma Testowa sp. z o.o.');
    const { code } = await test.core.transaction((unit) =>
      createInvitation(unit, { kind: 'company', companyId }),
    );
    const person = new Person(test, { channel: 'webchat' });
    const give = '[Podaj imię i nazwisko]';
    await person.verify([
      [`/start ${code}`, '[Polski]'],
      ['[Polski]', 'zgoda'],
      ['[Zgadzam się, dołączam]', ['Gotowe', give, '[Sondy]']],
      ['Nie działa winda', ['Przekazać to zespołowi?', { not: 'Zapisane' }]],
      ['[Nie]', 'nie przekazujemy'],
      ['in English', 'English'],
      ['/menu', '[Give my name]'],
      ['po polsku', 'po polsku'],
      ['/ja', give],
      [give, 'Jak się nazywasz?'],
      ['Żaneta Śliwa', 'Zapisane: Żaneta Śliwa'],
      ['/menu', ['Żaneta Śliwa · firma', { not: give }]],
      ['/ja', ['[Zmień imię]', { not: give }]],
    ]);
    expect((await listMembers(test.core.db)).items).toMatchObject([{ name: 'Żaneta Śliwa' }]);
  });

  it('is not asked when the messenger gives one', async () => {
    const companyId = await company(test, 'Firma Testowa');
    const { code } = await test.core.transaction((unit) =>
      createInvitation(unit, { kind: 'company', companyId }),
    );
    const person = new Person(test, { displayName: 'Jan T.' });
    await person.does(`/start ${code}`);
    await person.verify([
      ['[Polski]', 'zgoda'],
      ['[Zgadzam się, dołączam]', ['Gotowe', { not: 'Podaj imię' }]],
    ]);
  });
});

describe('a second messenger', () => {
  it('is linked with a short code', async () => {
    const code = await invite(test, { name: 'Anna Przykładowa' });
    const phone = new Person(test, { channel: 'telegram' });
    await phone.verify([
      [`/start ${code}`, '[Polski]'],
      ['[Polski]', 'zgoda'],
      ['[Zgadzam się, dołączam]', 'Gotowe'],
    ]);
    const answer = await phone.does('/połącz');
    const short = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(answer)?.[0] ?? '';
    const web = new Person(test, { channel: 'webchat', languageHint: 'en' });
    await web.verify([
      ['ABCD-EFGH', 'You join the network with an invitation'],
      [short.toLowerCase(), 'Połączone. To Twoje konto: Anna Przykładowa'],
      ['/menu', '[Sondy]'],
    ]);
    const { items } = await listMembers(test.core.db);
    expect(items).toHaveLength(1);
    const view = await findMemberView(test.core.db, items[0]?.id ?? '');
    expect(view?.channels.map((c) => c.channel).sort()).toEqual(['telegram', 'webchat']);
  });

  it('is led to with the code by a button, and is linked there at once', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa', { channel: 'telegram' });
    await person.verify([['/połącz', ['[Otwórz: czat na stronie]', { not: '[Otwórz: Telegram]' }]]]);
    const shown = person.channel.to(person.externalId).at(-1)?.blocks ?? [];
    const actions = shown.flatMap((block) => (block.type === 'actions' ? block.actions : []));
    const url = actions.find((action) => action.kind === 'link')?.url ?? '';
    const web = new Person(test, { channel: 'webchat' });
    const start = `/start ${url.split('/').at(-1)}`;
    await web.verify([
      [start, 'Połączone. To Twoje konto: Anna Przykładowa'],
      [start, 'Ten komunikator jest już połączony z Twoim kontem'],
    ]);
    await new Person(test).verify([[start, ['Ten kod nie działa', { not: 'Anna' }]]]);
    const view = await findMemberView(test.core.db, id);
    expect(view?.channels.map((c) => c.channel).sort()).toEqual(['telegram', 'webchat']);
  });
});
