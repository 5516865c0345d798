import { findPoll, namedVotes, optionsOf } from '../store/polls.ts';
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
 * when (ISO 8601). Of an anonymous poll nothing is said of anybody.
 */
export async function pollCsvRows(db: Db, id: string): Promise<PollCsvRow[]> {
  const { question, anonymous } = await findPollView(db, id);
  const wording = { questionPl: question.pl ?? '', questionEn: question.en ?? '' };
  const rows = await totals(db, id, wording);
  return anonymous ? rows : [...rows, ...(await people(db, id, wording))];
}

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

async function people(db: Db, id: string, wording: Wording): Promise<PollCsvRow[]> {
  const poll = await findPoll(db, id);
  if (!poll || poll.anonymous) return [];
  const options = await optionsOf(db, id);
  const collator = new Intl.Collator('pl');
  const votes = (await namedVotes(db, id)).sort((a, b) => collator.compare(a.name, b.name));
  return votes.map((vote) => {
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
  });
}

const noPerson = { person: '', company: '', branch: '', language: '', votedAt: '' } as const;
