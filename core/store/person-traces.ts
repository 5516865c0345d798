import type { Account } from './accounts.ts';
import { inChunks } from './chunks.ts';
import { type Moved, moveDeliveries } from './delivery-status.ts';
import type { Db } from './schema.ts';
import { eraseWebchat } from './webchat.ts';

/**
 * What one person leaves behind in every table: read for "what do you know about me", removed for "erase me",
 * ended for /stop. Kept in one file so that a new table is added to all three.
 */

/** What still waits for the person can no longer reach them; returns how many. */
export async function endPendingOf(db: Db, memberId: string, reason: string): Promise<Moved[]> {
  return moveDeliveries(db, ['pending'], (e) => e('member_id', '=', memberId), {
    status: 'unreachable',
    reason,
    held: 0,
  });
}

/** Answers to the person's own words that stopping kept from them wait again; everything else stays missed. */
export async function awaitAnswersOf(db: Db, memberId: string): Promise<Moved[]> {
  const kept: Parameters<typeof moveDeliveries>[2] = (e) =>
    e.and([
      e('member_id', '=', memberId),
      e('reason', '=', 'stopped'),
      e('subject_kind', 'in', ['barrier', 'reply']),
      e('purpose', '=', 'main'),
    ]);
  return moveDeliveries(db, ['unreachable'], kept, { status: 'pending', reason: null, attempts: 0 });
}

/** Written where the person's words stood, in rows that must stay for the counts. */
export const erasedText = '–';

/** The person's words and everything said with them in private; rows that are counted stay, without words. */
export async function eraseWords(db: Db, memberId: string): Promise<void> {
  await db.updateTable('reply').set({ text: erasedText }).where('member_id', '=', memberId).execute();
  const barriers = db.selectFrom('barrier').select('id').where('reporter_id', '=', memberId);
  await db
    .updateTable('barrier_message')
    .set({ text: erasedText })
    .where('barrier_id', 'in', barriers)
    .where('text', '!=', '')
    .execute();
  await db
    .updateTable('barrier_message')
    .set({ author_id: null })
    .where('author_id', '=', memberId)
    .where('from', '=', 'reporter')
    .execute();
  await db
    .updateTable('barrier')
    .set({ text: erasedText, reporter_id: null, company_id: null })
    .where('reporter_id', '=', memberId)
    .execute();
}

/**
 * What others were told of the person's reports and replies, with their words and name in it, says `content` from now on;
 * returns the ids. Asked before the words themselves are erased.
 */
export async function eraseNotices(db: Db, memberId: string, content: string): Promise<string[]> {
  const reports = db.selectFrom('barrier').select('id').where('reporter_id', '=', memberId);
  const replies = db
    .selectFrom('reply')
    .select('id')
    .where('member_id', '=', memberId)
    .where('from', '=', 'member');
  const rows = await db
    .updateTable('delivery')
    .set({ content })
    .where('content', 'is not', null)
    .where((e) =>
      e.or([
        e.and([e('subject_kind', '=', 'barrier'), e('subject_id', 'in', reports)]),
        e.and([e('subject_kind', '=', 'reply'), e('subject_id', 'in', replies)]),
      ]),
    )
    .returning('id')
    .execute();
  return rows.map((r) => r.id);
}

/** The same for the lists of shared reports others were shown with a report of this person in it. `listId`: their subject. */
export async function eraseListed(
  db: Db,
  memberId: string,
  listId: string,
  content: string,
): Promise<string[]> {
  const shared = await db
    .selectFrom('barrier')
    .select('id')
    .where('reporter_id', '=', memberId)
    .where('visibility', '=', 'shared')
    .execute();
  if (shared.length === 0) return [];
  const rows = await db
    .updateTable('delivery')
    .set({ content })
    .where('subject_kind', '=', 'barrier')
    .where('subject_id', '=', listId)
    .where((e) => e.or(shared.map(({ id }) => e('content', 'like', `%"${id}"%`))))
    .returning('id')
    .execute();
  return rows.map((r) => r.id);
}

/** Private messages go; broadcast deliveries stay as figures, without address or message id. */
export async function eraseDeliveries(db: Db, memberId: string): Promise<void> {
  await db
    .deleteFrom('delivery')
    .where('member_id', '=', memberId)
    .where('subject_kind', 'not in', ['announcement', 'poll'])
    .execute();
  await db
    .updateTable('delivery')
    .set({ account_id: null, external_message_id: null, reply_to: null, content: null })
    .where('member_id', '=', memberId)
    .execute();
}

/** The codes made for the person; an invitation they used stays as a figure. */
export async function eraseCodes(db: Db, memberId: string): Promise<void> {
  await db.deleteFrom('invitation').where('member_id', '=', memberId).where('kind', '=', 'link').execute();
  await db
    .updateTable('invitation')
    .set({ name: null, member_id: null })
    .where('member_id', '=', memberId)
    .execute();
}

/** Everything said at these addresses: open dialogs, the web chat's transcript, messages of the time before joining. */
export async function eraseTalk(
  db: Db,
  ownerIds: readonly string[],
  accounts: readonly Account[],
): Promise<void> {
  const owners = [...ownerIds, ...accounts.map((a) => a.id)];
  if (owners.length > 0) await db.deleteFrom('conversation').where('owner_id', 'in', owners).execute();
  const chats = accounts.filter((a) => a.channel === 'webchat').map((a) => a.external_id);
  await eraseWebchat(db, chats);
  await inChunks(accounts, 500, async (chunk) => {
    const ids = chunk.map((a) => a.id);
    await db.deleteFrom('delivery').where('member_id', 'is', null).where('account_id', 'in', ids).execute();
    await db.updateTable('delivery').set({ account_id: null }).where('account_id', 'in', ids).execute();
    return [];
  });
}

/** What was shown to the person stays as a figure, and is shown nowhere any more that Wici could change. */
export async function leaveShown(db: Db, memberId: string): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ account_id: null, external_message_id: null, reply_to: null })
    .where('member_id', '=', memberId)
    .execute();
}

/** What was sent at an address before its person was known becomes the person's. */
export async function adoptDeliveries(db: Db, accountId: string, memberId: string): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ member_id: memberId })
    .where('account_id', '=', accountId)
    .where('member_id', 'is', null)
    .execute();
}

export async function announcementsReceived(db: Db, memberId: string) {
  return db
    .selectFrom('delivery')
    .innerJoin('announcement', 'announcement.id', 'delivery.subject_id')
    .select([
      'announcement.id',
      'announcement.title_pl',
      'announcement.title_en',
      'delivery.purpose',
      'delivery.status',
      'delivery.channel',
      'delivery.accepted_at',
      'delivery.confirmed_at',
    ])
    .where('delivery.subject_kind', '=', 'announcement')
    .where('delivery.member_id', '=', memberId)
    .orderBy('delivery.created_at')
    .orderBy('delivery.id')
    .execute();
}

export async function ballotsOf(db: Db, memberId: string) {
  return db
    .selectFrom('ballot')
    .innerJoin('poll', 'poll.id', 'ballot.poll_id')
    .select([
      'poll.id',
      'poll.question_pl',
      'poll.question_en',
      'poll.anonymous',
      'ballot.options',
      'ballot.voted_at',
    ])
    .where('ballot.member_id', '=', memberId)
    .orderBy('poll.created_at')
    .orderBy('poll.id')
    .execute();
}

export async function optionsOf(db: Db, pollIds: readonly string[]) {
  return inChunks(pollIds, 500, (chunk) =>
    db.selectFrom('poll_option').selectAll().where('poll_id', 'in', chunk).orderBy('position').execute(),
  );
}

export async function repliesOf(db: Db, memberId: string) {
  return db
    .selectFrom('reply')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function barriersReportedBy(db: Db, memberId: string) {
  return db.selectFrom('barrier').selectAll().where('reporter_id', '=', memberId).orderBy('number').execute();
}

export async function barrierMessagesOf(db: Db, barrierIds: readonly string[]) {
  return inChunks(barrierIds, 500, (chunk) =>
    db
      .selectFrom('barrier_message')
      .selectAll()
      .where('barrier_id', 'in', chunk)
      .orderBy('at')
      .orderBy('id')
      .execute(),
  );
}

export async function chatOf(db: Db, externalIds: readonly string[]) {
  if (externalIds.length === 0) return [];
  return db
    .selectFrom('webchat_message')
    .selectAll()
    .where('external_id', 'in', externalIds)
    .orderBy('position')
    .execute();
}

export async function invitationsOf(db: Db, memberId: string) {
  return db
    .selectFrom('invitation')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function conversationsOf(db: Db, ownerIds: readonly string[]) {
  return db
    .selectFrom('conversation')
    .selectAll()
    .where('owner_id', 'in', ownerIds)
    .orderBy('owner_id')
    .execute();
}

/** Whether a session or sign-in link of the person stands, with their times. */
export async function sessionsOf(db: Db, memberId: string) {
  return db
    .selectFrom('session')
    .select(['created_at', 'expires_at'])
    .where('member_id', '=', memberId)
    .orderBy('created_at')
    .execute();
}
