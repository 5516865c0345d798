import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SlackAdapter } from '../../bots/slack/adapter.ts';
import { announcementReport, createAnnouncement } from '../../core/announcements/index.ts';
import { barriersOf } from '../../core/barriers/list.ts';
import { takeEvent } from '../../core/inbox.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { listMembers } from '../../core/members/view.ts';
import { createPoll } from '../../core/polls/create.ts';
import { type Person, pressable } from '../emulators/slack/person.ts';
import { SlackEmulator } from '../emulators/slack/server.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';

let test: TestCore;
let slack: SlackEmulator;
let adapter: SlackAdapter;
let person: Person;
const faults: Error[] = [];

beforeEach(async () => {
  slack = await SlackEmulator.start();
  const { token, appToken, apiUrl } = slack;
  adapter = new SlackAdapter({ token, apiUrl, receiving: { appToken }, backoffMs: () => 5 });
  test = await openTestCore(undefined, () => adapter);
  faults.length = 0;
  await adapter.connect(async (event) => {
    const { fault } = await takeEvent(test.core, event);
    if (fault) faults.push(fault);
  });
  person = slack.person();
});
afterEach(async () => {
  expect(faults).toEqual([]);
  await adapter.close();
  await slack.close();
  await test.close();
});

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const home = () => {
  const { words, labels } = person.home();
  return plain([words, ...labels.map((label) => `[${label}]`)].join('\n'));
};
const conversation = () =>
  plain(
    person
      .shown()
      .map((m) => person.words(m))
      .join('\n'),
  );

async function does(work: Promise<'taken' | 'lost'>): Promise<void> {
  expect(await work).toBe('taken');
  await test.settle();
}

async function fill(label: string, words: string): Promise<void> {
  await person.pressHome(label);
  await vi.waitFor(() => expect(person.user.view).not.toBeNull(), { timeout: 5000, interval: 5 });
  await does(person.submit(words));
}

async function press(label: string): Promise<void> {
  const shown = person.shown().flatMap(pressable);
  await does(person.press(shown.findLast((e) => plain(e.label) === label)?.label ?? label));
}

async function joined(): Promise<string> {
  const { code } = await test.core.transaction((unit) =>
    createInvitation(unit, { kind: 'personal', name: 'Anna Przykładowa' }),
  );
  await does(person.openHome());
  await fill('Dołącz', code);
  await press('Polski');
  await press('Zgadzam się, dołączam');
  await does(person.openHome());
  const { items } = await listMembers(test.core.db, { search: 'Anna' });
  return items[0]?.id ?? '';
}

const announce = () =>
  test.core.transaction((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: 'Próba syren', en: 'Siren test' },
        text: { pl: 'W środę w południe.', en: 'On Wednesday at noon.' },
        ...{ confirm: true, urgent: true },
      },
      null,
    ),
  );

const ask = () =>
  test.core.transaction((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Kiedy spotkanie?', en: 'When shall we meet?' },
        options: [
          { pl: 'W środę', en: 'Wednesday' },
          { pl: 'W piątek', en: 'Friday' },
        ],
        ...{ multiple: false, anonymous: true, showResults: 'never', urgent: true, audience: {} },
        closesAt: test.clock.now() + 86_400_000,
        reminders: { count: 0, everyHours: 24 },
        overrideParity: false,
      },
      null,
    ),
  );

describe('a home, where the messenger has one', () => {
  it('lets a stranger join with the code of their invitation', async () => {
    await does(person.openHome());
    expect(home()).toContain('Do sieci dołącza się z zaproszeniem');
    expect(home()).toContain('[Dołącz]');
    expect(home()).toContain('w rozmowie, na karcie obok');
    expect(conversation()).toBe('');
    expect(await joined()).not.toBe('');
    expect(home()).toContain('Anna Przykładowa · język: Polski');
    expect(home()).toContain('[Zgłoś]');
  });

  it('shows what waits and takes the answers, which count and leave it', async () => {
    await joined();
    const { id } = await announce();
    await ask();
    await test.settle();
    await does(person.openHome());
    expect(home()).toContain('Na Twoje potwierdzenie czeka 1 ogłoszenie.');
    expect(home()).toContain('W środę w południe.');
    await does(person.pressHome('Przeczytane ✓'));
    expect((await announcementReport(test.core.db, id)).counts).toMatchObject({ confirmed: 1 });
    expect(home()).not.toContain('W środę w południe.');
    expect(conversation()).toContain('Przeczytane ✓');
    expect(home()).toContain('Kiedy spotkanie?');
    await does(person.pressHome('W piątek'));
    expect(home()).not.toContain('Kiedy spotkanie?');
    const votes = await test.core.db.selectFrom('poll_option').select('votes').orderBy('position').execute();
    expect(votes.map((v) => v.votes)).toEqual([0, 1]);
  });

  it('opens a window for a report and answers in the conversation', async () => {
    const id = await joined();
    await fill('Zgłoś', 'Nie działa brama');
    await press('infrastruktura');
    await press('Tylko zespół');
    expect(conversation()).toContain('Zgłoszenie nr 1 przyjęte');
    expect(await barriersOf(test.core.db, id)).toHaveLength(1);
  });

  it('says that nothing is sent after /stop, and one press there undoes it', async () => {
    await joined();
    await does(person.command('stop'));
    await does(person.openHome());
    expect(home()).toContain('Wysyłka do Ciebie jest zatrzymana');
    await does(person.pressHome('Wróć'));
    expect(home()).not.toContain('zatrzymana');
  });

  it('is put up again once the messenger is back', async () => {
    slack.fail('views.publish', { kind: 'page', status: 503 });
    await does(person.openHome());
    test.clock.advance(60_000);
    await test.settle();
    expect(home()).toContain('[Dołącz]');
  });
});

describe('where there is none', () => {
  it('the menu says the same: who one is and what waits', async () => {
    const { person: other } = await joinedMember(test, 'Jan Testowy', { company: 'Firma Testowa' });
    await announce();
    await ask();
    await test.settle();
    other.news();
    await other.verify([
      [
        '/menu',
        [
          'Jan Testowy · firma: Firma Testowa · język: Polski',
          'Na Twoje potwierdzenie czeka 1 ogłoszenie.',
          'Na Twój głos czeka 1 sonda.',
          '[Sondy]',
        ],
      ],
    ]);
  });
});
