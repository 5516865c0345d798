import { sql } from 'kysely';
import { inChunks } from './chunks.ts';
import type { CountedSubject } from './recount.ts';
import type { Db } from './schema.ts';

export async function demoLoaded(db: Db): Promise<boolean> {
  const row = await db.selectFrom('company').select('id').where('demo', '=', 1).limit(1).executeTakeFirst();
  return row !== undefined;
}

export async function presentBranches(db: Db): Promise<string[]> {
  return (await db.selectFrom('branch').select('id').execute()).map((b) => b.id);
}

const demoMembers = (db: Db) => db.selectFrom('member').select('id').where('demo', '=', 1);
const demoCompanies = (db: Db) => db.selectFrom('company').select('id').where('demo', '=', 1);
const demoAnnouncements = (db: Db) => db.selectFrom('announcement').select('id').where('demo', '=', 1);
const demoPollRows = (db: Db) => db.selectFrom('poll').select('id').where('demo', '=', 1);
const demoAccounts = (db: Db) =>
  db.selectFrom('account').select('id').where('member_id', 'in', demoMembers(db));
const demoBarriers = (db: Db) =>
  db
    .selectFrom('barrier')
    .select('id')
    .where((e) => e.or([e('demo', '=', 1), e('reporter_id', 'in', demoMembers(db))]));

export async function demoPollIds(db: Db): Promise<string[]> {
  return (await demoPollRows(db).execute()).map((p) => p.id);
}

export interface DemoVotedPoll {
  readonly id: string;
  readonly anonymous: boolean;
  /** Nobody but demo people voted. */
  readonly onlyDemo: boolean;
}

/** Real polls in which demo people voted. */
export async function demoPolls(db: Db): Promise<DemoVotedPoll[]> {
  const rows = await db
    .selectFrom('ballot')
    .innerJoin('poll', 'poll.id', 'ballot.poll_id')
    .innerJoin('member', 'member.id', 'ballot.member_id')
    .select(['poll.id', 'poll.anonymous'])
    .select((e) => e.fn.min<number>('member.demo').as('least'))
    .select((e) => e.fn.max<number>('member.demo').as('most'))
    .where('poll.demo', '=', 0)
    .groupBy(['poll.id', 'poll.anonymous'])
    .execute();
  return rows
    .filter((r) => r.most === 1)
    .map((r) => ({ id: r.id, anonymous: r.anonymous === 1, onlyDemo: r.least === 1 }));
}

/** Takes the demo people's votes out of a named poll's counters. */
export async function takeBackVotes(db: Db, pollId: string): Promise<void> {
  const ballots = await db
    .selectFrom('ballot')
    .select('options')
    .where('poll_id', '=', pollId)
    .where('member_id', 'in', demoMembers(db))
    .execute();
  const taken = new Map<number, number>();
  for (const position of ballots.flatMap((b) => JSON.parse(b.options ?? '[]') as number[])) {
    taken.set(position, (taken.get(position) ?? 0) + 1);
  }
  for (const [position, n] of taken) {
    await db
      .updateTable('poll_option')
      .set({ votes: sql`votes - ${n}` })
      .where('poll_id', '=', pollId)
      .where('position', '=', position)
      .execute();
  }
}

export async function emptyDemoVotes(db: Db, pollId: string): Promise<void> {
  await db.updateTable('poll_option').set({ votes: 0 }).where('poll_id', '=', pollId).execute();
}

/** Replies and reports: of demo people, under demo subjects, or marked as demo. */
export async function deleteDemoVoices(db: Db): Promise<void> {
  await db
    .deleteFrom('reply')
    .where((e) =>
      e.or([
        e('demo', '=', 1),
        e('member_id', 'in', demoMembers(db)),
        e('subject_id', 'in', demoAnnouncements(db)),
        e('subject_id', 'in', demoPollRows(db)),
      ]),
    )
    .execute();
  await db.deleteFrom('barrier_message').where('barrier_id', 'in', demoBarriers(db)).execute();
}

/** Demo subjects, and those that count demo people or stand by a demo company. Before any of it goes. */
export async function countingDemo(db: Db): Promise<CountedSubject[]> {
  const places = db
    .selectFrom('member')
    .select('id')
    .where((e) => e.or([e('demo', '=', 1), e('company_id', 'in', demoCompanies(db))]));
  const rows = await db
    .selectFrom('delivery')
    .select(['subject_kind', 'subject_id'])
    .distinct()
    .where('member_id', 'in', places)
    .where('language', 'is not', null)
    .execute();
  const [announcements, polls] = [await demoAnnouncements(db).execute(), await demoPollRows(db).execute()];
  return [
    ...rows.flatMap(({ subject_kind, subject_id }) =>
      subject_kind === 'announcement' || subject_kind === 'poll' ? [{ subject_kind, subject_id }] : [],
    ),
    ...announcements.map(({ id }) => ({ subject_kind: 'announcement' as const, subject_id: id })),
    ...polls.map(({ id }) => ({ subject_kind: 'poll' as const, subject_id: id })),
  ];
}

/** Deliveries, what is still to come, dialogs and transcripts. Before the rows that tell whose they are. */
export async function deleteDemoFlow(db: Db): Promise<void> {
  await db.deleteFrom('due_moment').where('kind', '=', 'simulate').execute();
  await db
    .deleteFrom('due_moment')
    .where((e) =>
      e.or([e('subject_id', 'in', demoAnnouncements(db)), e('subject_id', 'in', demoPollRows(db))]),
    )
    .execute();
  await db
    .deleteFrom('delivery')
    .where((e) =>
      e.or([
        e('member_id', 'in', demoMembers(db)),
        e('account_id', 'in', demoAccounts(db)),
        e('subject_id', 'in', demoAnnouncements(db)),
        e('subject_id', 'in', demoPollRows(db)),
        e('subject_id', 'in', demoBarriers(db)),
      ]),
    )
    .execute();
  await db
    .deleteFrom('conversation')
    .where((e) => e.or([e('owner_id', 'in', demoMembers(db)), e('owner_id', 'in', demoAccounts(db))]))
    .execute();
  const chats = db
    .selectFrom('account')
    .select('external_id')
    .where('channel', '=', 'webchat')
    .where('member_id', 'in', demoMembers(db));
  await db.deleteFrom('webchat_message').where('external_id', 'in', chats).execute();
}

/** Announcements, polls and reports marked as demo, and the demo people's ballots. */
export async function deleteDemoSubjects(db: Db): Promise<void> {
  await db.deleteFrom('barrier').where('id', 'in', demoBarriers(db)).execute();
  await db
    .deleteFrom('ballot')
    .where((e) => e.or([e('member_id', 'in', demoMembers(db)), e('poll_id', 'in', demoPollRows(db))]))
    .execute();
  await db.deleteFrom('poll_option').where('poll_id', 'in', demoPollRows(db)).execute();
  await db.deleteFrom('poll').where('demo', '=', 1).execute();
  await db.deleteFrom('announcement').where('demo', '=', 1).execute();
}

/** Pictures and files of demo announcements that no real one shows. Before the announcements go. */
export async function demoAttachments(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('announcement').select(['attachment_id', 'demo']).execute();
  const kept = new Set(rows.filter((r) => r.demo === 0).map((r) => r.attachment_id));
  return [...new Set(rows.flatMap((r) => (r.demo === 1 ? (r.attachment_id ?? []) : [])))].filter(
    (id) => !kept.has(id),
  );
}

export async function deleteAttachments(db: Db, ids: readonly string[]): Promise<void> {
  await inChunks(ids, 500, async (chunk) => {
    await db.deleteFrom('attachment').where('id', 'in', chunk).execute();
    return [];
  });
}

/** The people and companies themselves. Real people of a demo company lose it. */
export async function deleteDemoPeople(db: Db): Promise<void> {
  for (const table of ['session', 'sign_in_link', 'invitation', 'account'] as const) {
    await db.deleteFrom(table).where('member_id', 'in', demoMembers(db)).execute();
  }
  await db
    .deleteFrom('invitation')
    .where('kind', '=', 'company')
    .where('company_id', 'in', demoCompanies(db))
    .execute();
  await db.deleteFrom('member').where('demo', '=', 1).execute();
  await db
    .updateTable('delivery')
    .set({ company_id: null, branch_id: null })
    .where(
      'member_id',
      'in',
      db.selectFrom('member').select('id').where('company_id', 'in', demoCompanies(db)),
    )
    .where('company_id', 'in', demoCompanies(db))
    .execute();
  await db
    .updateTable('member')
    .set({ company_id: null, revision: sql`revision + 1` })
    .where('company_id', 'in', demoCompanies(db))
    .execute();
  for (const table of ['barrier', 'invitation'] as const) {
    await db
      .updateTable(table)
      .set({ company_id: null })
      .where('company_id', 'in', demoCompanies(db))
      .execute();
  }
  await db.deleteFrom('company').where('demo', '=', 1).execute();
}

/**
 * Deliveries simulated people were shown at or after `since` that no simulation was planned for yet. Asked every few seconds:
 * without simulated people it costs a look at the members, with them one at their own deliveries.
 */
export async function unplannedSimulations(db: Db, since: number, limit: number): Promise<string[]> {
  // A literal, not a bound value: only then does SQLite use the partial index.
  const simulated = await db.selectFrom('member').select('id').where('simulated', '=', sql.lit(1)).execute();
  const memberIds = simulated.map((m) => m.id);
  const shown = await inChunks(memberIds, 500, (chunk) =>
    db
      .selectFrom('delivery')
      .select('id')
      .where('member_id', 'in', chunk)
      .where('subject_kind', 'in', ['announcement', 'poll'])
      .where('purpose', '!=', 'result')
      .where('status', '=', 'accepted')
      .where('accepted_at', '>=', since)
      .where('id', 'not in', (e) =>
        e.selectFrom('due_moment').select('subject_id').where('kind', '=', 'simulate'),
      )
      .orderBy('id')
      .limit(limit)
      .execute(),
  );
  return shown.map((d) => d.id).slice(0, limit);
}
