import { DomainError } from '../domain-error.ts';
import { groupBy } from '../group-by.ts';
import { allBranches } from '../store/branches.ts';
import { companiesByIds } from '../store/companies.ts';
import { figuresOfCompanies, figuresOfPart, type PartFigures } from '../store/counts.ts';
import { findNetwork } from '../store/network.ts';
import { findPoll, groupVotesOf, optionsOf } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import { authored, literal, say, type Text } from '../text.ts';

export interface PollGroup {
  /** Branch or company id; null for people of none. */
  readonly id: string | null;
  readonly label: Text;
  readonly asked: number;
  readonly voted: number;
  /** Votes by position; null while the group is too small to be shown. */
  readonly votes: readonly number[] | null;
}

export type GroupedBy = 'branch' | 'company';

/**
 * A named poll's answers by branch or company, the group with most votes first. Groups smaller than the network shows are
 * hidden, and where even all of them are too small, the next smallest too: the total less the others would tell them.
 * Anonymous: none.
 */
export async function resultsByGroup(db: Db, id: string, by: GroupedBy): Promise<PollGroup[]> {
  const poll = await findPoll(db, id);
  if (!poll) throw new DomainError('common:errors.notFound');
  if (poll.anonymous) return [];
  const { smallest_group } = await findNetwork(db);
  const votes = groupBy(await groupVotesOf(db, id, by), (v) => v.part_id);
  const options = await optionsOf(db, id);
  const figures = await partsOf(db, id, by);
  const labels = await labelsOf(
    db,
    by,
    figures.map((f) => f.id),
  );
  const groups = figures.map((f): PollGroup => {
    const given = new Map(votes.get(f.id)?.map((v) => [v.position, v.votes]));
    return {
      id: f.id || null,
      label: labels.get(f.id) ?? say(by === 'company' ? 'polls:results.noCompany' : 'polls:results.noBranch'),
      asked: f.recipients,
      voted: f.voted,
      votes: options.map((o) => given.get(o.position) ?? 0),
    };
  });
  return hideSmall(groups, smallest_group).sort((a, b) => b.voted - a.voted || b.asked - a.asked);
}

/** Takes the votes away from the groups that may not be shown. Pure. */
export function hideSmall(groups: readonly PollGroup[], smallest: number): PollGroup[] {
  const hidden = new Set(groups.filter((g) => g.voted < smallest));
  const told = [...hidden].reduce((sum, g) => sum + g.voted, 0);
  if (told > 0 && told < smallest) {
    const [next] = groups.filter((g) => !hidden.has(g)).sort((a, b) => a.voted - b.voted);
    if (next) hidden.add(next);
  }
  return groups.map((g) => (hidden.has(g) ? { ...g, votes: null } : g));
}

async function partsOf(db: Db, id: string, by: GroupedBy): Promise<PartFigures[]> {
  if (by === 'branch') return figuresOfPart(db, 'poll', id, by);
  return figuresOfCompanies(db, 'poll', id, null, Number.MAX_SAFE_INTEGER);
}

async function labelsOf(db: Db, by: GroupedBy, ids: readonly string[]): Promise<Map<string, Text>> {
  if (by === 'company') return new Map((await companiesByIds(db, ids)).map((c) => [c.id, literal(c.name)]));
  return new Map((await allBranches(db)).map((b) => [b.id, authored({ pl: b.name_pl, en: b.name_en })]));
}
