import type { Language } from '../language.ts';
import { sheetTime } from '../network/local-time.ts';
import { findNetwork } from '../store/network.ts';
import { type NamedVote, namedVotes, optionsOf, type PollOption } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import { findPollView } from './list.ts';
import { pollResults } from './results.ts';

/** The columns in their order; their names in words are polls:csv.<column>. */
export const pollCsvColumns = [
  'row',
  'questionPl',
  'questionEn',
  'optionPl',
  'optionEn',
  'votes',
  'voted',
  'asked',
  'person',
  'company',
  'branch',
  'language',
  'votedAt',
] as const;

export type PollCsvRow = Readonly<Record<(typeof pollCsvColumns)[number], string | number>> & {
  readonly row: 'option' | 'person';
};

/**
 * One row an option with its votes (empty while hidden); for a named poll also one row a person with what they chose and
 * when, in the network's time and with the branch in the reader's language, read as they are taken. Of an anonymous poll
 * nothing is said of anybody.
 */
export async function* pollCsvRows(db: Db, id: string, language: Language): AsyncGenerator<PollCsvRow> {
  const { question, anonymous } = await findPollView(db, id);
  const wording = { questionPl: question.pl ?? '', questionEn: question.en ?? '' };
  yield* await totals(db, id, wording);
  if (!anonymous) yield* people(db, id, wording, language);
}

/** Read together. */
const batch = 500;

type Wording = Pick<PollCsvRow, 'questionPl' | 'questionEn'>;

async function totals(db: Db, id: string, wording: Wording): Promise<PollCsvRow[]> {
  const { asked, voted, options } = await pollResults(db, id);
  return options.map(({ label, votes }) => ({
    ...noPerson,
    ...wording,
    row: 'option',
    optionPl: label.pl ?? '',
    optionEn: label.en ?? '',
    votes: votes ?? '',
    voted,
    asked,
  }));
}

async function* people(db: Db, id: string, wording: Wording, language: Language): AsyncGenerator<PollCsvRow> {
  const { time_zone } = await findNetwork(db);
  const options = await optionsOf(db, id);
  let after = '';
  for (;;) {
    const votes = await namedVotes(db, id, after, batch);
    for (const vote of votes)
      yield { ...personRow(vote, options), ...wording, ...placed(vote, language, time_zone) };
    const last = votes.at(-1);
    if (!last) return;
    after = last.memberId;
  }
}

type Placed = Pick<PollCsvRow, 'branch' | 'votedAt'>;

function placed({ branchPl, branchEn, votedAt }: NamedVote, language: Language, timeZone: string): Placed {
  return {
    branch: (language === 'pl' ? branchPl : branchEn) ?? '',
    votedAt: votedAt === null ? '' : sheetTime(votedAt, timeZone),
  };
}

function personRow(
  vote: NamedVote,
  options: readonly PollOption[],
): Omit<PollCsvRow, keyof Wording | keyof Placed> {
  const chosen = (JSON.parse(vote.options ?? '[]') as number[]).flatMap((p) => options[p] ?? []);
  return {
    row: 'person',
    optionPl: chosen.map((o) => o.label_pl ?? '').join(' | '),
    optionEn: chosen.map((o) => o.label_en ?? '').join(' | '),
    votes: '',
    voted: '',
    asked: '',
    person: vote.name,
    company: vote.company ?? '',
    language: vote.language,
  };
}

const noPerson = { person: '', company: '', branch: '', language: '', votedAt: '' } as const;
