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

export type PollCsvRow = Readonly<Record<(typeof pollCsvColumns)[number], string | number>>;

/**
 * One row an option with its votes (empty while hidden); for a named poll also one row a person with what they chose and
 * when (ISO 8601), read as they are taken. Of an anonymous poll nothing is said of anybody.
 */
export async function* pollCsvRows(db: Db, id: string): AsyncGenerator<PollCsvRow> {
  const { question, anonymous } = await findPollView(db, id);
  const wording = { questionPl: question.pl ?? '', questionEn: question.en ?? '' };
  yield* await totals(db, id, wording);
  if (!anonymous) yield* people(db, id, wording);
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

async function* people(db: Db, id: string, wording: Wording): AsyncGenerator<PollCsvRow> {
  const options = await optionsOf(db, id);
  let after = '';
  for (;;) {
    const votes = await namedVotes(db, id, after, batch);
    for (const vote of votes) yield personRow(vote, options, wording);
    const last = votes.at(-1);
    if (!last) return;
    after = last.memberId;
  }
}

function personRow(vote: NamedVote, options: readonly PollOption[], wording: Wording): PollCsvRow {
  const chosen = (JSON.parse(vote.options ?? '[]') as number[]).flatMap((p) => options[p] ?? []);
  return {
    ...wording,
    row: 'person',
    optionPl: chosen.map((o) => o.label_pl ?? '').join(' | '),
    optionEn: chosen.map((o) => o.label_en ?? '').join(' | '),
    votes: '',
    voted: '',
    asked: '',
    person: vote.name,
    company: vote.company ?? '',
    branch: vote.branchPl ?? '',
    language: vote.language,
    votedAt: vote.votedAt === null ? '' : new Date(vote.votedAt).toISOString(),
  };
}

const noPerson = { person: '', company: '', branch: '', language: '', votedAt: '' } as const;
