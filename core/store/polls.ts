import { sql } from 'kysely';
import type { Counted } from './counts.ts';
import type { Member } from './members.ts';
import { prepared, preparedIds, preparedRows } from './prepared.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Poll = Row<'poll'>;
export type PollOption = Row<'poll_option'>;
export type Ballot = Row<'ballot'>;

export async function insertPoll(
  db: Db,
  poll: NewRow<'poll'>,
  options: readonly NewRow<'poll_option'>[],
): Promise<void> {
  await db.insertInto('poll').values(poll).execute();
  await db.insertInto('poll_option').values(options).execute();
}

export async function findPoll(db: Db, id: string): Promise<Poll | undefined> {
  return db.selectFrom('poll').selectAll().where('id', '=', id).executeTakeFirst();
}

const lockById = prepared((db, { id }: { id: string }) =>
  db.updateTable('poll').set({ revision: sql`revision` }).where('id', '=', id).returningAll(),
);

/**
 * The poll, held until the transaction ends: votes and changes of one poll happen one after another. The update changes
 * nothing; it is the lock both databases have.
 */
export async function lockPoll(db: Db, id: string): Promise<Poll | undefined> {
  return (await lockById(db, { id }))[0];
}

export async function changePoll(db: Db, id: string, change: Change<'poll'>): Promise<void> {
  await db.updateTable('poll').set(change).where('id', '=', id).execute();
}

const options = prepared((db, { pollId }: { pollId: string }) =>
  db.selectFrom('poll_option').selectAll().where('poll_id', '=', pollId).orderBy('position'),
);

export async function optionsOf(db: Db, pollId: string): Promise<PollOption[]> {
  return options(db, { pollId });
}

export async function optionsOfMany(db: Db, pollIds: readonly string[]): Promise<PollOption[]> {
  if (pollIds.length === 0) return [];
  return db
    .selectFrom('poll_option')
    .selectAll()
    .where('poll_id', 'in', pollIds)
    .orderBy('position')
    .execute();
}

/**
 * Adds votes to these positions. Every option's row is written, the untouched ones with 0: PostgreSQL keeps with each row
 * the transaction that wrote it, and the ballot of the same transaction names the person.
 */
export async function addVotes(db: Db, pollId: string, changes: ReadonlyMap<number, number>): Promise<void> {
  const rows = [...changes].map(([position, votes]) => ({ position, votes }));
  await addToOptions(db, rows, { pollId });
}

const addToOptions = preparedRows(
  (db, rows: readonly { position: number; votes: number }[], { pollId }: { pollId: string }) => {
    const cases = rows.map(({ position, votes }) => sql`when ${position} then ${votes}`);
    const by = sql<number>`case position ${sql.join(cases, sql` `)} else 0 end`;
    return db
      .updateTable('poll_option')
      .set({ votes: sql<number>`votes + ${by}` })
      .where('poll_id', '=', pollId);
  },
);

/** The same votes by where the voter belonged when asked. Of named polls only. */
export async function addGroupVotes(
  db: Db,
  pollId: string,
  { branch_id, company_id }: Pick<Counted, 'branch_id' | 'company_id'>,
  changes: ReadonlyMap<number, number>,
): Promise<void> {
  const places = { branch: branch_id ?? '', company: company_id ?? '' };
  const rows = (['branch', 'company'] as const).flatMap((part) =>
    [...changes].map(([position, votes]) => ({
      ...{ poll_id: pollId, part, part_id: places[part] },
      ...{ position, votes },
    })),
  );
  await addVotesOfGroups(db, rows);
}

const addVotesOfGroups = preparedRows((db, rows: readonly NewRow<'poll_group_vote'>[]) =>
  db
    .insertInto('poll_group_vote')
    .values(rows)
    .onConflict((c) =>
      c.columns(['poll_id', 'part', 'part_id', 'position']).doUpdateSet((e) => ({
        votes: e('poll_group_vote.votes', '+', e.ref('excluded.votes')),
      })),
    ),
);

/** A named poll's votes by branch or company. */
export async function groupVotesOf(
  db: Db,
  pollId: string,
  part: 'branch' | 'company',
): Promise<Row<'poll_group_vote'>[]> {
  return db
    .selectFrom('poll_group_vote')
    .selectAll()
    .where('poll_id', '=', pollId)
    .where('part', '=', part)
    .execute();
}

const ballotOf = prepared((db, of: { pollId: string; memberId: string }) =>
  db.selectFrom('ballot').selectAll().where('poll_id', '=', of.pollId).where('member_id', '=', of.memberId),
);

export async function findBallot(db: Db, pollId: string, memberId: string): Promise<Ballot | undefined> {
  return (await ballotOf(db, { pollId, memberId }))[0];
}

/** The ballots of those of `memberIds` who voted. */
export async function ballotsBy(db: Db, pollId: string, memberIds: readonly string[]): Promise<Ballot[]> {
  return ballotsOf(db, memberIds, { pollId });
}

const ballotsOf = preparedIds((db, memberIds, { pollId }: { pollId: string }) =>
  db.selectFrom('ballot').selectAll().where('poll_id', '=', pollId).where('member_id', 'in', memberIds),
);

/** Writes a ballot, or the changed answer over it. */
export async function putBallot(db: Db, ballot: NewRow<'ballot'>): Promise<void> {
  await putBallots(db, [ballot]);
}

const putBallots = preparedRows((db, ballots: readonly NewRow<'ballot'>[]) =>
  db
    .insertInto('ballot')
    .values(ballots)
    .onConflict((c) =>
      c
        .columns(['poll_id', 'member_id'])
        .doUpdateSet((e) => ({ options: e.ref('excluded.options'), voted_at: e.ref('excluded.voted_at') })),
    ),
);

/** At most `limit` of a poll's ballots: enough to tell a small group from a big one, however many have voted. */
export async function firstBallots(db: Db, pollId: string, limit: number): Promise<Ballot[]> {
  return db
    .selectFrom('ballot')
    .selectAll()
    .where('poll_id', '=', pollId)
    .orderBy('member_id')
    .limit(limit)
    .execute();
}

/** Active members who were asked and have not voted, by id after the one given. */
export async function waitingMembers(
  db: Db,
  pollId: string,
  after: string,
  limit: number,
): Promise<Pick<Member, 'id' | 'status' | 'ways'>[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('member', 'member.id', 'delivery.member_id')
    .select(['member.id', 'member.status', 'member.ways'])
    .where('delivery.subject_kind', '=', 'poll')
    .where('delivery.subject_id', '=', pollId)
    .where('delivery.purpose', '=', 'main')
    .where('delivery.member_id', '>', after)
    .where('member.status', '=', 'active')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('ballot')
            .select('ballot.member_id')
            .whereRef('ballot.member_id', '=', 'delivery.member_id')
            .where('ballot.poll_id', '=', pollId),
        ),
      ),
    )
    .orderBy('delivery.member_id')
    .limit(limit)
    .execute();
}

/** Active members who voted, by id after the one given. */
export async function voters(db: Db, pollId: string, after: string, limit: number): Promise<Member[]> {
  return db
    .selectFrom('member')
    .selectAll('member')
    .innerJoin('ballot', 'ballot.member_id', 'member.id')
    .where('ballot.poll_id', '=', pollId)
    .where('member.status', '=', 'active')
    .where('ballot.member_id', '>', after)
    .orderBy('ballot.member_id')
    .limit(limit)
    .execute();
}

/** Polls taking votes now, the one that closes first in front. */
export async function openPolls(db: Db, now: number): Promise<Poll[]> {
  return db
    .selectFrom('poll')
    .selectAll()
    .where('status', '=', 'open')
    .where('closes_at', '>', now)
    .orderBy('closes_at')
    .orderBy('id')
    .execute();
}

/** Newest first, older than the poll given. */
export async function pollsBefore(db: Db, before: string | null, limit: number): Promise<Poll[]> {
  let query = db.selectFrom('poll').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== null) query = query.where('id', '<', before);
  return query.execute();
}

export interface NamedVote {
  readonly memberId: string;
  readonly name: string;
  readonly company: string | null;
  readonly branchPl: string | null;
  readonly branchEn: string | null;
  readonly language: string;
  readonly options: string | null;
  readonly votedAt: number | null;
}

/** Who answered what in a named poll, in pages by member id. */
export async function namedVotes(db: Db, pollId: string, after: string, limit: number): Promise<NamedVote[]> {
  return db
    .selectFrom('ballot')
    .innerJoin('member', 'member.id', 'ballot.member_id')
    .leftJoin('company', 'company.id', 'member.company_id')
    .leftJoin('branch', 'branch.id', 'company.branch_id')
    .select([
      'member.id as memberId',
      'member.name as name',
      'company.name as company',
      'branch.name_pl as branchPl',
      'branch.name_en as branchEn',
      'member.language as language',
      'ballot.options as options',
      'ballot.voted_at as votedAt',
    ])
    .where('ballot.poll_id', '=', pollId)
    .where('ballot.member_id', '>', after)
    .orderBy('ballot.member_id')
    .limit(limit)
    .execute();
}
