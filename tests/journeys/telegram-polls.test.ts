import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { dataOf, labelsOf, openWorld, Phone, textOf, type World } from './support.ts';

let world: World;
let voters: Phone[];

beforeAll(async () => {
  world = await openWorld();
  voters = await Promise.all(
    (['pl', 'en', 'pl', 'en', 'pl'] as const).map((language, n) =>
      Phone.joined(world, `Głosująca Osoba ${n + 1}`, language),
    ),
  );
});
afterAll(() => world?.close());

const options = [
  { pl: 'Wtorek', en: 'Tuesday' },
  { pl: 'Środa', en: 'Wednesday' },
  { pl: 'Czwartek', en: 'Thursday' },
] as const;

interface Kind {
  readonly multiple: boolean;
  readonly anonymous: boolean;
}

interface Results {
  readonly asked: number;
  readonly voted: number;
  readonly options: readonly { readonly label: object; readonly votes: number | null }[];
  readonly hidden?: string;
}

async function ask({ multiple, anonymous }: Kind, question: { pl: string; en: string }): Promise<string> {
  const { id } = await world.wici.api<{ id: string }>('POST', '/polls', {
    ...{ question, options, multiple, anonymous },
    showResults: 'afterVote',
    urgent: true,
    closesAt: new Date(Date.now() + 24 * 3_600_000).toISOString(),
    audience: { members: voters.map((voter) => voter.memberId) },
    reminders: { count: 0, everyHours: 24 },
  });
  return id;
}

const results = (id: string) => world.wici.api<Results>('GET', `/polls/${id}/results`);
const votes = async (id: string) => (await results(id)).options.map((option) => option.votes);

/** Chooses the options in these positions; of a multiple choice also sends them. */
async function choose(voter: Phone, positions: readonly number[], { multiple }: Kind): Promise<void> {
  for (const position of positions) {
    const label = String(options[position]?.[voter.language]);
    await voter.tap(multiple ? `☐ ${label}` : label);
    if (multiple) await until(() => voter.button(`☑ ${label}`) !== undefined);
  }
  if (multiple) await voter.tap(voter.words.submit);
}

describe.each<Kind>([
  { multiple: false, anonymous: false },
  { multiple: true, anonymous: false },
  { multiple: false, anonymous: true },
  { multiple: true, anonymous: true },
])('a poll on Telegram (%j)', (kind) => {
  const { multiple, anonymous } = kind;
  const question = {
    pl: `Który dzień (${multiple}, ${anonymous})?`,
    en: `Which day (${multiple}, ${anonymous})?`,
  };
  const choices = multiple ? [[0], [0, 1], [1, 2], [0, 1, 2], [1]] : [[0], [1], [1], [2], [1]];
  const counts = multiple ? [3, 4, 2] : [1, 3, 1];

  it('is asked in each one’s language, answered by all, and counted', async () => {
    const id = await ask(kind, question);
    for (const [n, voter] of voters.entries()) {
      const card = await voter.sees(question[voter.language]);
      const { anonymous: unseen, named, yourAnswer, haveAnswer, change } = voter.words;
      expect(textOf(card)).toContain(anonymous ? unseen : named);
      await choose(voter, choices[n] ?? [], kind);
      const chosen = (choices[n] ?? []).map((position) => options[position]?.[voter.language]);
      await voter.becomes(card, anonymous ? haveAnswer : `${yourAnswer}${chosen.join(', ')}`);
      expect(labelsOf(card)).toEqual(anonymous ? [] : [change]);
      if (n === 3 && anonymous) {
        // Four have voted, and the smallest group shown is five.
        expect(await results(id)).toMatchObject({ voted: 4, hidden: 'smallGroup' });
        expect(await votes(id)).toEqual([null, null, null]);
      }
    }
    expect(await results(id)).toMatchObject({ asked: 5, voted: 5, options: [{ label: options[0] }, {}, {}] });
    expect(await votes(id)).toEqual(counts);
    for (const voter of voters) await voter.sees(voter.words.fiveAnswers);
  });
});

it('an answer in a named poll may be changed, with the counts following', async () => {
  const kind = { multiple: false, anonymous: false };
  const id = await ask(kind, { pl: 'A który tydzień?', en: 'And which week?' });
  const voter = voters[0] as Phone;
  await voter.sees('A który tydzień?');
  await choose(voter, [0], kind);
  await voter.tap(voter.words.change);
  await choose(voter, [2], kind);
  await voter.sees(`${voter.words.yourAnswer}Czwartek`);
  expect(await votes(id)).toEqual([0, 0, 1]);
});

it('nobody votes twice in an anonymous poll, whatever old button is pressed', async () => {
  const kind = { multiple: false, anonymous: true };
  const id = await ask(kind, { pl: 'A która sala?', en: 'And which room?' });
  for (const voter of voters) {
    const card = await voter.sees(voter.language === 'pl' ? 'A która sala?' : 'And which room?');
    const other = dataOf(card, options[2][voter.language]);
    await choose(voter, [0], kind);
    voter.person.pressData(other, card);
    await voter.sees(voter.words.alreadyVoted);
  }
  expect(await votes(id)).toEqual([5, 0, 0]);
});
