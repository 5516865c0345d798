import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcementReport, createAnnouncement } from '../../core/announcements/index.ts';
import { barriersOf } from '../../core/barriers/list.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import type { Language } from '../../core/language.ts';
import { listMembers } from '../../core/members/view.ts';
import { createPoll } from '../../core/polls/create.ts';
import { listReplies } from '../../core/replies/list.ts';
import { type Act, openScreen, type Screen } from './screen.ts';
import { messengers } from './stages.ts';

type Line = readonly [Act, string | readonly string[]];

interface Words {
  readonly join: readonly Line[];
  readonly switch: readonly Line[];
  readonly announcement: string;
  readonly confirm: readonly Line[];
  readonly question: string;
  readonly vote: readonly Line[];
  readonly voteForSeveral: readonly Line[];
  readonly report: readonly Line[];
  readonly reportByButton: readonly Line[];
  readonly leave: readonly Line[];
  readonly comeBack: readonly Line[];
}

const words: Readonly<Record<Language, Words>> = {
  pl: {
    join: [
      ['[Polski]', ['Twoja zgoda', '[Zgadzam się, dołączam]', '[Nie teraz]']],
      ['[Zgadzam się, dołączam]', ['Gotowe, jesteś w sieci', '[Sondy]', '[Ogłoszenia]', '[Zgłoś]']],
    ],
    switch: [
      ['/język', ['W jakim języku mamy pisać?', '[English]']],
      ['[English]', 'From now on we use English'],
      ['/language', '[Polski]'],
      ['[Polski]', 'Od teraz piszemy po polsku'],
    ],
    announcement: 'W środę w południe usłyszysz syreny.',
    confirm: [
      ['[Przeczytane ✓]', ['Przeczytane ✓', '[Cofnij]']],
      [
        { reply: 'Czy mamy wyjść z budynku?', to: 'usłyszysz syreny' },
        'Mamy Twoją odpowiedź. Zespół ją widzi.',
      ],
    ],
    question: 'Kiedy spotkanie?',
    vote: [
      ['[W środę]', ['Twoja odpowiedź: W środę', '[Zmień odpowiedź]']],
      ['[Zmień odpowiedź]', '[W piątek]'],
      ['[W piątek]', 'Twoja odpowiedź: W piątek'],
      ['/sondy', 'mamy już Twój głos'],
    ],
    voteForSeveral: [
      [
        { pick: ['W środę', 'W piątek'], submit: 'Wyślij odpowiedź' },
        ['Twoja odpowiedź: W środę', 'W piątek'],
      ],
    ],
    report: [
      ['/zgłoś', 'w czym jest przeszkoda'],
      ['Nie działa brama od północy', ['Czego to dotyczy?', '[infrastruktura]']],
      ['[infrastruktura]', 'Kto może zobaczyć to zgłoszenie?'],
      ['[Tylko zespół]', ['Zgłoszenie nr 1 przyjęte', 'Zespół je widzi']],
    ],
    reportByButton: [
      [{ fill: 'Zgłoś', words: 'Brakuje miejsc do parkowania' }, 'Czego to dotyczy?'],
      ['[infrastruktura]', 'Kto może zobaczyć to zgłoszenie?'],
      ['[Tylko zespół]', 'Zgłoszenie nr 1 przyjęte'],
    ],
    leave: [['/stop', ['Nic więcej do Ciebie nie wyślemy', '[Wróć]']]],
    comeBack: [
      ['[Wróć]', 'Wysyłka do Ciebie znów działa'],
      ['/menu', '[Sondy]'],
    ],
  },
  en: {
    join: [
      ['[English]', ['Just your consent is left', '[I agree, let me join]', '[Not now]']],
      ['[I agree, let me join]', ['Done, you are in the network', '[Polls]', '[Announcements]', '[Report]']],
    ],
    switch: [
      ['/language', ['Which language shall we use?', '[Polski]']],
      ['[Polski]', 'Od teraz piszemy po polsku'],
      ['/język', '[English]'],
      ['[English]', 'From now on we use English'],
    ],
    announcement: 'On Wednesday at noon you will hear sirens.',
    confirm: [
      ['[Read ✓]', ['Read ✓', '[Undo]']],
      [{ reply: 'Shall we leave the building?', to: 'hear sirens' }, 'We have your reply. The staff see it.'],
    ],
    question: 'When shall we meet?',
    vote: [
      ['[Wednesday]', ['Your answer: Wednesday', '[Change answer]']],
      ['[Change answer]', '[Friday]'],
      ['[Friday]', 'Your answer: Friday'],
      ['/polls', 'your vote'],
    ],
    voteForSeveral: [
      [{ pick: ['Wednesday', 'Friday'], submit: 'Send answer' }, ['Your answer: Wednesday', 'Friday']],
    ],
    report: [
      ['/report', 'Write what is in your way'],
      ['The north gate does not open', ['What is it about?', '[infrastructure]']],
      ['[infrastructure]', 'Who may see this report?'],
      ['[Only the staff]', ['Report no. 1 taken', 'The staff see it']],
    ],
    reportByButton: [
      [{ fill: 'Report', words: 'There is nowhere to park' }, 'What is it about?'],
      ['[infrastructure]', 'Who may see this report?'],
      ['[Only the staff]', 'Report no. 1 taken'],
    ],
    leave: [['/stop', ['We will send you nothing more', '[Come back]']]],
    comeBack: [
      ['[Come back]', 'Messages reach you again'],
      ['/menu', '[Polls]'],
    ],
  },
};

const cases = Object.keys(messengers).flatMap((name) =>
  (['pl', 'en'] as const).map((language) => [name, language] as const),
);

describe.each(cases)('on %s, in %s, one', (name, language) => {
  const says = words[language];
  let screen: Screen;
  beforeEach(async () => {
    const stage = messengers[name];
    if (!stage) throw new Error('no such messenger');
    screen = await openScreen(stage);
    const { code } = await screen.test.core.transaction((unit) =>
      createInvitation(unit, { kind: 'personal', name: 'Anna Przykładowa' }),
    );
    await screen.verify([[`/start ${code}`, ['Anna Przykładowa', '[Polski]', '[English]']], ...says.join]);
  });
  afterEach(() => screen?.close());

  it('joins', async () => {
    const { items } = await listMembers(screen.test.core.db);
    expect(items).toMatchObject([{ name: 'Anna Przykładowa', status: 'active', language }]);
  });

  it('is told commands as they are typed there, and each does something', async () => {
    const { commandPrefix } = screen;
    const said = screen.test.core.texts.translate(language, 'chat:help.commands');
    const commands = [...said.matchAll(/^\/(\S+) /gm)].map(([, name = '']) => name);
    expect(commands).toHaveLength(10);
    await screen.verify([['/help', commands.map((name) => `${commandPrefix}${name} – `)]]);
    for (const name of commands) {
      const answer = await screen.does(`/${name}`);
      expect(answer).not.toMatch(/^$|Nie znamy tego polecenia|We do not know this command/);
    }
  });

  it('switches the language and back', () => screen.verify(says.switch));

  it('confirms an announcement and replies to it', async () => {
    const { core } = screen.test;
    const { id } = await core.transaction((unit) =>
      createAnnouncement(
        unit,
        {
          title: { pl: 'Próba syren', en: 'Siren test' },
          text: { pl: words.pl.announcement, en: words.en.announcement },
          confirm: true,
          urgent: true,
        },
        null,
      ),
    );
    await screen.test.settle();
    expect(await screen.news()).toContain(says.announcement);
    await screen.verify(says.confirm);
    expect((await announcementReport(core.db, id)).counts).toMatchObject({ accepted: 1, confirmed: 1 });
    expect((await listReplies(core.db, { open: true })).items).toHaveLength(1);
  });

  it.each(['vote', 'voteForSeveral'] as const)('answers a poll: %s', async (kind) => {
    const { core, clock } = screen.test;
    await core.transaction((unit) =>
      createPoll(
        unit,
        {
          question: { pl: words.pl.question, en: words.en.question },
          options: [
            { pl: 'W środę', en: 'Wednesday' },
            { pl: 'W piątek', en: 'Friday' },
          ],
          multiple: kind === 'voteForSeveral',
          anonymous: false,
          showResults: 'never',
          urgent: true,
          closesAt: clock.now() + 86_400_000,
          audience: {},
          reminders: { count: 0, everyHours: 24 },
          overrideParity: false,
        },
        null,
      ),
    );
    await screen.test.settle();
    expect(await screen.news()).toContain(says.question);
    await screen.verify(says[kind]);
    const options = await core.db.selectFrom('poll_option').select('votes').orderBy('position').execute();
    expect(options.map((o) => o.votes)).toEqual(kind === 'vote' ? [0, 1] : [1, 1]);
  });

  it.each(['report', 'reportByButton'] as const)('reports a barrier: %s', async (way) => {
    await screen.verify(says[way]);
    const [member] = (await listMembers(screen.test.core.db)).items;
    expect(await barriersOf(screen.test.core.db, member?.id ?? '')).toHaveLength(1);
  });

  it('leaves, and returns', async () => {
    await screen.verify(says.leave);
    const status = async () => (await listMembers(screen.test.core.db)).items[0]?.status;
    expect(await status()).toBe('stopped');
    await screen.verify(says.comeBack);
    expect(await status()).toBe('active');
  });
});
