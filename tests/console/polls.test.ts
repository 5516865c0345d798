import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPoll } from '../../core/polls/create.ts';
import { vote } from '../../core/polls/vote.ts';
import { defaultReminders } from '../../core/reminders.ts';
import { type Browser, hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
let staff: Browser;
beforeEach(async () => {
  t = await openConsole();
  staff = await t.signedIn('staff');
});
afterEach(() => t.close());

const words = {
  'question.pl': 'Który dzień?',
  'question.en': 'Which day?',
  'options.0.pl': 'Wtorek',
  'options.0.en': 'Tuesday',
  'options.2.pl': 'Środa',
  'options.2.en': 'Wednesday',
  multiple: 'one',
  anonymous: 'no',
  showResults: 'afterVote',
  when: 'now',
  closesAt: '2026-11-26T16:00',
  reminderCount: '1',
  reminderEvery: '24',
};

async function sent(fields: Record<string, string> = words): Promise<string> {
  const preview = await plain(await staff.post('/polls/preview', fields));
  const answer = await staff.post('/polls', hidden(preview));
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

describe('a poll', () => {
  test('is previewed in both languages with its promise, then asked', async () => {
    await t.joined('Osoba A');
    const page = await plain(await staff.post('/polls/preview', words));
    for (const text of ['Wtorek', 'Wednesday', '26 listopada 2026, godz. 16:00'])
      expect(page).toContain(text);
    await staff.post('/polls', hidden(page));
    await t.settle();
    const [asked] = t.tc.channels.webchat.to('webchat-Osoba A');
    expect(asked?.blocks.find((b) => b.type === 'choice')).toMatchObject({
      options: [{ label: 'Wtorek' }, { label: 'Środa' }],
    });
  });

  test('that would reach nobody now is not asked, and says so', async () => {
    const preview = await plain(await staff.post('/polls/preview', words));
    const pressed = await plain(await staff.post('/polls', hidden(preview)));
    expect(pressed).toMatch(/role="alert"[^>]*>Teraz nikt nie dostanie/);
    expect(await staff.text('/polls')).not.toContain('Który dzień?');
  });

  test('of several answers shows on Discord what stands on its list, in each reader’s language', async () => {
    const page = await plain(await staff.post('/polls/preview', { ...words, multiple: 'many' }));
    expect(page).toContain('Zaznacz i zamknij listę');
    expect(page).toContain('Mark and close the list');
  });

  test('its results are bars with right Polish counts, and a table', async () => {
    const voters = await Promise.all(['A', 'B', 'C'].map((name) => t.joined(`Osoba ${name}`)));
    const path = await sent();
    await t.settle();
    const pollId = path.split('/').at(-1) ?? '';
    for (const [n, memberId] of voters.entries()) {
      await t.tc.core.transaction((unit) => vote(unit, { pollId, memberId, values: [n === 0 ? 1 : 0] }));
    }
    const page = await staff.text(path);
    expect(page).toContain('2 głosy');
    expect(page).toContain('1 głos<');
    expect(page).toContain('66,7%');
    const csv = await staff.text(`${path}.csv`);
    expect(csv).toContain('Wtorek');
    expect(csv).toContain('Osoba A');
    expect(csv).toMatch(/^"?odpowiedź"?;/m);
    expect(csv).toMatch(/^"?osoba"?;/m);
  });

  test('an anonymous one shows no counts before enough people have voted', async () => {
    const memberId = await t.joined('Osoba A');
    const path = await sent({ ...words, anonymous: 'yes' });
    await t.settle();
    const pollId = path.split('/').at(-1) ?? '';
    await t.tc.core.transaction((unit) => vote(unit, { pollId, memberId, values: [0] }));
    const page = await staff.text(path);
    expect(page).not.toContain('1 głos');
    expect(page).toContain('Wyniki pokażemy, gdy zagłosuje co najmniej 5 osób');
  });

  test('its preview promises no reminder that would come after the closing', async () => {
    const soon = { ...words, closesAt: '2026-11-23T23:00', reminderCount: '2' };
    const preview = async (more: object) =>
      plain(await staff.post('/polls/preview', { ...soon, ...more } as typeof words));
    expect(await preview({ reminderEvery: '24' })).toContain('bez przypomnień (po zamknięciu');
    expect(await preview({ reminderEvery: '1' })).toMatch(/2 przypomnienia, odstęp: 1 godzina</);
  });

  test('says on its page who was asked, single people by their number', async () => {
    await t.joined('Osoba A', 'webchat', 'en');
    const path = await sent({ ...words, 'audience.languages': 'en' });
    expect(await staff.text(path)).toMatch(/Odbiorcy<\/dt><dd>angielski</);
    const members = [await t.joined('Osoba B'), await t.joined('Osoba C')];
    const { id } = await t.change((unit) =>
      createPoll(
        unit,
        {
          question: { pl: 'Kiedy?' },
          options: [{ pl: 'Dziś' }, { pl: 'Jutro' }],
          ...{ multiple: false, anonymous: false, showResults: 'never', overrideParity: true },
          closesAt: unit.now + 3_600_000,
          audience: { members },
        },
        null,
      ),
    );
    expect(await staff.text(`/polls/${id}`)).toMatch(/Odbiorcy<\/dt><dd>2 osoby</);
  });

  test('its form begins with the reminders a poll has when nothing is said of them', async () => {
    const { count, everyHours } = defaultReminders;
    const form = await staff.text('/polls/new');
    const chosen = [...form.matchAll(/<option value="(\d+)" selected/g)].map(([, value]) => Number(value));
    expect(chosen).toEqual([count, everyHours]);
  });

  test('an error about an option stands at the row it was typed in', async () => {
    const twice = { ...words, 'options.2.pl': 'Wtorek' };
    const answer = await staff.post('/polls/preview', twice);
    expect(answer.status).toBe(422);
    expect(await plain(answer)).toContain('id="f-options-2-pl-error"');
    const single = await staff.post('/polls/preview', { ...words, 'options.2.pl': '', 'options.2.en': '' });
    expect(await plain(single)).toContain('od 2 do 20');
    const past = await staff.post('/polls/preview', { ...words, closesAt: '2026-11-01T10:00' });
    expect(await past.text()).toContain('id="f-closesAt-error"');
  });

  test('is paused, resumed and closed from its page', async () => {
    await t.joined('Osoba A');
    const path = await sent();
    await t.settle();
    expect(await staff.submit(`${path}/pause`)).toContain('Sonda jest wstrzymana');
    expect(await staff.submit(`${path}/resume`)).toContain('Sonda trwa dalej');
    expect(await staff.submit(`${path}/close`)).toContain('Sonda jest zamknięta');
    expect(await staff.submit(`${path}/stop`)).toContain('już zamknięta');
  });
});
