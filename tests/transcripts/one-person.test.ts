import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { barriersOf } from '../../core/barriers/list.ts';
import { takeEvent } from '../../core/inbox.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { listMembers } from '../../core/members/view.ts';
import { createPoll } from '../../core/polls/create.ts';
import { pollResults } from '../../core/polls/results.ts';
import { addPerson } from '../core/announcements-support.ts';
import { openScreens, type Screens } from './screen.ts';
import { messengers } from './stages.ts';

const names = Object.keys(messengers);
let all: Screens;

/** One person: joined on the first messenger, the other three tied to it by a code. */
beforeEach(async () => {
  all = await openScreens(Object.values(messengers));
  const { code } = await all.test.core.transaction((unit) =>
    createInvitation(unit, { kind: 'personal', name: 'Anna Przykładowa' }),
  );
  const [first, ...others] = all.screens;
  await first?.verify([
    [`/start ${code}`, 'Anna Przykładowa'],
    ['[Polski]', 'Twoja zgoda'],
    ['[Zgadzam się, dołączam]', 'Gotowe'],
  ]);
  for (const other of others) {
    const given = (await first?.does('/polacz')) ?? '';
    const link = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(given)?.[0];
    await other.verify([[String(link), 'Połączone. To Twoje konto: Anna Przykładowa']]);
  }
  await everywhere();
});
afterEach(() => all?.close());

const at = (n: number) => {
  const screen = all.screens[n % all.screens.length];
  if (!screen) throw new Error('no such messenger');
  return screen;
};
/** What is new on each messenger, in their order. */
async function everywhere(): Promise<string[]> {
  const news: string[] = [];
  for (const screen of all.screens) news.push(await screen.news());
  return news;
}
/** Writes there, so that it is the one used last. */
async function use(n: number): Promise<void> {
  all.test.clock.advance(1000);
  await at(n).verify([['/menu', '[Sondy]']]);
}

async function announce(title: string): Promise<string> {
  const { id } = await all.test.core.transaction((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: title, en: title },
        text: { pl: 'W środę.', en: 'On Wednesday.' },
        confirm: true,
        urgent: true,
      },
      null,
    ),
  );
  await all.test.settle();
  return id;
}

const counts = async (id: string) => (await announcementReport(all.test.core.db, id)).counts;

describe('one person on all four', () => {
  it('is one member, and an announcement arrives once, on the messenger used last, whichever that is', async () => {
    const { items } = await listMembers(all.test.core.db);
    expect(items).toHaveLength(1);
    expect(items[0]?.channels).toHaveLength(4);
    for (const n of names.keys()) {
      await use(n);
      const id = await announce(`Ogłoszenie ${n}`);
      const arrived = (await everywhere()).map((words) => words.includes(`Ogłoszenie ${n}`));
      expect(arrived).toEqual(names.map((_, other) => other === n));
      expect(await counts(id)).toMatchObject({ recipients: 1, accepted: 1 });
    }
  });

  it.each(names.map((name, n) => [name, n] as const))(
    'delivered to %s, confirmed on the next: the card there is edited, the old button answered kindly, counted once',
    async (_, n) => {
      await use(n);
      const id = await announce('Próba syren');
      await everywhere();
      // The history on the next messenger shows what came to this one.
      await at(n + 1).verify([
        ['/ogloszenia', ['Próba syren', 'czeka na Twoje potwierdzenie']],
        ['[Próba syren]', ['W środę.', '[Przeczytane ✓]']],
        ['[Przeczytane ✓]', '[Cofnij]'],
      ]);
      const edited = await at(n).news();
      expect(edited).toContain('Przeczytane ✓ 11:00');
      expect(edited).not.toContain('[Przeczytane ✓]');
      expect(await counts(id)).toMatchObject({ recipients: 1, accepted: 1, confirmed: 1 });

      // An app that has not shown the change yet lets the old button be pressed.
      const card = await all.test.core.db
        .selectFrom('delivery')
        .select('token')
        .where('subject_id', '=', id)
        .where('purpose', '=', 'main')
        .executeTakeFirstOrThrow();
      await takeEvent(all.test.core, {
        ...at(n).address,
        ...{ externalEventId: 'late', type: 'action', token: card.token, id: 'confirm', values: [] },
      });
      await all.test.settle();
      expect(await at(n).news()).toContain('Mamy już Twoje potwierdzenie.');
      expect(await counts(id)).toMatchObject({ recipients: 1, accepted: 1, confirmed: 1 });

      // And the next one after that knows it is done.
      await at(n + 2).verify([['/ogloszenia', ['Próba syren', 'przeczytane ✓ 23 listopada']]]);
    },
  );

  it('a poll is answered on one, changed on the next, counted once and shown on both', async () => {
    await use(0);
    const { core, clock } = all.test;
    const { id } = await core.transaction((unit) =>
      createPoll(
        unit,
        {
          question: { pl: 'Kiedy spotkanie?', en: 'When shall we meet?' },
          options: ['W środę', 'W piątek'].map((option) => ({ pl: option, en: option })),
          ...{ multiple: false, anonymous: false, showResults: 'never', urgent: true, audience: {} },
          closesAt: clock.now() + 86_400_000,
          reminders: { count: 0, everyHours: 24 },
          overrideParity: false,
        },
        null,
      ),
    );
    await all.test.settle();
    expect((await everywhere()).map((words) => words.includes('Kiedy spotkanie?'))).toEqual([
      ...[true, false, false, false],
    ]);
    await at(1).verify([
      ['/sondy', ['Na Twój głos czeka 1 sonda', 'Kiedy spotkanie?']],
      ['[W środę]', 'Twoja odpowiedź: W środę'],
    ]);
    expect(await at(0).news()).toContain('Twoja odpowiedź: W środę');
    await at(0).verify([
      ['[Zmień odpowiedź]', '[W piątek]'],
      ['[W piątek]', 'Twoja odpowiedź: W piątek'],
    ]);
    expect(await at(1).news()).toContain('Twoja odpowiedź: W piątek');
    for (const n of [2, 3]) await at(n).verify([['/sondy', 'mamy już Twój głos']]);
    expect(await pollResults(core.db, id)).toMatchObject({
      ...{ asked: 1, voted: 1, options: [{ votes: 0 }, { votes: 1 }] },
    });
  });

  it.each(names.map((name, n) => [name, n] as const))(
    'a report begun on %s goes on from messenger to messenger',
    async (_, n) => {
      await at(n).verify([['/zglos', 'w czym jest przeszkoda']]);
      await at(n + 1).verify([['Brama się zacina', ['Czego to dotyczy?', '[infrastruktura]']]]);
      await at(n + 2).verify([['infrastruktura', ['Kto może zobaczyć', '[Tylko zespół]']]]);
      // A question left behind elsewhere is not taken for the present one; that is asked again, here.
      await at(n + 1).verify([['[finanse]', ['już nieaktualny', 'Kto może zobaczyć', '[Tylko zespół]']]]);
      await at(n + 3).verify([['Tylko zespół', 'Zgłoszenie nr 1 przyjęte']]);
      const [member] = (await listMembers(all.test.core.db)).items;
      const [report] = await barriersOf(all.test.core.db, String(member?.id));
      expect(report).toMatchObject({ kind: 'infrastructure', visibility: 'private' });
    },
  );

  it('a language chosen on one is spoken on all, and who stops on one is left alone on all', async () => {
    await at(3).verify([
      ['/jezyk', '[English]'],
      ['[English]', 'From now on we use English'],
    ]);
    await at(0).verify([['/menu', '[Polls]']]);
    await at(2).verify([['/stop', 'We will send you nothing more']]);
    await everywhere();
    await addPerson(all.test, { id: 'jan' });
    const id = await announce('Siren test');
    expect((await everywhere()).join('')).not.toContain('Siren test');
    expect(await counts(id)).toMatchObject({ recipients: 2, unreachable: 1 });
    await at(1).verify([['/start', 'Messages reach you again']]);
  });
});
