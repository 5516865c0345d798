import { DomainError } from '../domain-error.ts';
import { groupBy } from '../group-by.ts';
import { allBranches } from '../store/branches.ts';
import { companiesByIds } from '../store/companies.ts';
import { findNetwork } from '../store/network.ts';
import { type AskedPerson, askedPeople, ballotsOf, findPoll, optionsOf } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import { type Authored, authored, literal, say, type Text } from '../text.ts';

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
 * hidden, and where that is only one, the next smallest too: the total less all others would tell it. Anonymous: none.
 */
export async function resultsByGroup(db: Db, id: string, by: GroupedBy): Promise<PollGroup[]> {
  const poll = await findPoll(db, id);
  if (!poll) throw new DomainError('common:errors.notFound');
  if (poll.anonymous) return [];
  const { smallest_group } = await findNetwork(db);
  const places = await placesOf(db, await askedPeople(db, id), by);
  const options = (await optionsOf(db, id)).length;
  const answers = new Map((await ballotsOf(db, id)).map((b) => [b.member_id, positions(b.options)]));
  const groups = [...groupBy(places, (p) => p.groupId)].map(([groupId, people]): PollGroup => {
    const given = people.flatMap((p) => [answers.get(p.memberId)].filter((a) => a !== undefined));
    const votes = Array.from({ length: options }, (_, n) => given.filter((a) => a.includes(n)).length);
    const [first] = people;
    return {
      id: groupId,
      label: first?.label ?? literal(''),
      asked: people.length,
      voted: given.length,
      votes,
    };
  });
  return hideSmall(groups, smallest_group).sort((a, b) => b.voted - a.voted || b.asked - a.asked);
}

/** Takes the votes away from the groups that may not be shown. Pure. */
export function hideSmall(groups: readonly PollGroup[], smallest: number): PollGroup[] {
  const small = groups.filter((g) => g.voted < smallest);
  const hidden = new Set(small);
  if (small.filter((g) => g.voted > 0).length === 1) {
    const [next] = groups.filter((g) => !hidden.has(g)).sort((a, b) => a.voted - b.voted);
    if (next) hidden.add(next);
  }
  return groups.map((g) => (hidden.has(g) ? { ...g, votes: null } : g));
}

interface Placed extends AskedPerson {
  readonly groupId: string | null;
  readonly label: Text;
}

async function placesOf(db: Db, people: readonly AskedPerson[], by: GroupedBy): Promise<Placed[]> {
  const companyIds = [...new Set(people.flatMap((p) => p.companyId ?? []))];
  const companies = new Map((await companiesByIds(db, companyIds)).map((c) => [c.id, c]));
  const branches = new Map((await allBranches(db)).map((b) => [b.id, b]));
  return people.map((person) => {
    const company = person.companyId === null ? undefined : companies.get(person.companyId);
    if (by === 'company') {
      const label = company ? literal(company.name) : say('polls:results.noCompany');
      return { ...person, groupId: company?.id ?? null, label };
    }
    const branch = company?.branch_id ? branches.get(company.branch_id) : undefined;
    const name: Authored | undefined = branch && { pl: branch.name_pl, en: branch.name_en };
    const label = name ? authored(name) : say('polls:results.noBranch');
    return { ...person, groupId: branch?.id ?? null, label };
  });
}

const positions = (options: string | null) => JSON.parse(options ?? '[]') as number[];
