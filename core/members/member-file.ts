import type { Account } from '../store/accounts.ts';
import { accountsOf } from '../store/accounts.ts';
import {
  announcementsReceived,
  ballotsOf,
  barrierMessagesOf,
  barriersReportedBy,
  chatOf,
  conversationsOf,
  invitationsOf,
  optionsOf,
  repliesOf,
  sessionsOf,
} from '../store/person-traces.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { findMemberView, type MemberView } from './view.ts';

/** All that is known of a person, as data: for "what do you know about me". Moments are epoch milliseconds. */
export interface MemberFile {
  readonly member: MemberView;
  readonly accounts: {
    channel: Account['channel'];
    externalId: string;
    displayName: string | null;
    status: Account['status'];
    lastUsedAt: number;
    /** The platform's ids of the conversation and of the newest message read in it, where they are kept. */
    thread: { id: string; readTo: string | null } | null;
    createdAt: number;
  }[];
  readonly announcements: {
    title: Authored;
    /** main, reminder.1 … */
    purpose: string;
    status: string;
    channel: Account['channel'] | null;
    acceptedAt: number | null;
    confirmedAt: number | null;
  }[];
  /** Of an anonymous poll it is known only that the person voted: `options` and `votedAt` are null. */
  readonly votes: {
    question: Authored;
    anonymous: boolean;
    options: Authored[] | null;
    votedAt: number | null;
  }[];
  readonly replies: {
    subject: 'announcement' | 'poll';
    from: 'member' | 'staff';
    text: string;
    at: number;
  }[];
  readonly barriers: {
    number: number;
    text: string;
    kind: string;
    visibility: string;
    anonymous: boolean;
    status: string;
    createdAt: number;
    messages: { from: 'staff' | 'reporter'; text: string; status: string | null; at: number }[];
  }[];
  readonly invitations: { kind: string; name: string | null; createdAt: number; joinedAt: number | null }[];
  /** What the person wrote in the web chat. */
  readonly webchat: { text: string; at: number }[];
  readonly openDialogs: { dialog: string; updatedAt: number }[];
  readonly sessions: { createdAt: number; expiresAt: number }[];
}

/** Null when nobody has this id or they were erased: then nothing is known. */
export async function memberFile(db: Db, memberId: string): Promise<MemberFile | null> {
  const member = await findMemberView(db, memberId);
  if (!member || member.status === 'erased') return null;
  const accounts = await accountsOf(db, [memberId]);
  const chats = accounts.filter((a) => a.channel === 'webchat').map((a) => a.external_id);
  const owners = [memberId, ...accounts.map((a) => a.id)];
  return {
    member,
    accounts: accounts.map((a) => ({
      channel: a.channel,
      externalId: a.external_id,
      displayName: a.display_name,
      status: a.status,
      lastUsedAt: a.last_used_at,
      thread: a.thread_id === null ? null : { id: a.thread_id, readTo: a.thread_read_to },
      createdAt: a.created_at,
    })),
    announcements: (await announcementsReceived(db, memberId)).map((d) => ({
      title: bilingual(d.title_pl, d.title_en),
      purpose: d.purpose,
      status: d.status,
      channel: d.channel,
      acceptedAt: d.accepted_at,
      confirmedAt: d.confirmed_at,
    })),
    votes: await votes(db, memberId),
    replies: (await repliesOf(db, memberId)).map((r) => ({
      subject: r.subject_kind,
      from: r.from,
      text: r.text,
      at: r.at,
    })),
    barriers: await barriers(db, memberId),
    invitations: (await invitationsOf(db, memberId)).map((i) => ({
      kind: i.kind,
      name: i.name,
      createdAt: i.created_at,
      joinedAt: i.joined_at,
    })),
    webchat: (await chatOf(db, chats)).flatMap((m) =>
      m.from === 'person' ? [{ text: textOf(m.body), at: m.at }] : [],
    ),
    openDialogs: (await conversationsOf(db, owners)).map((c) => ({
      dialog: c.dialog,
      updatedAt: c.updated_at,
    })),
    sessions: (await sessionsOf(db, memberId)).map((s) => ({
      createdAt: s.created_at,
      expiresAt: s.expires_at,
    })),
  };
}

async function votes(db: Db, memberId: string): Promise<MemberFile['votes']> {
  const ballots = await ballotsOf(db, memberId);
  const options = await optionsOf(
    db,
    ballots.map((b) => b.id),
  );
  return ballots.map((ballot) => {
    const chosen = ballot.options === null ? null : (JSON.parse(ballot.options) as number[]);
    const labels = options.filter((o) => o.poll_id === ballot.id && chosen?.includes(o.position));
    return {
      question: bilingual(ballot.question_pl, ballot.question_en),
      anonymous: ballot.anonymous === 1,
      options: chosen && labels.map((o) => bilingual(o.label_pl, o.label_en)),
      votedAt: ballot.anonymous === 1 ? null : ballot.voted_at,
    };
  });
}

async function barriers(db: Db, memberId: string): Promise<MemberFile['barriers']> {
  const reported = await barriersReportedBy(db, memberId);
  const messages = await barrierMessagesOf(
    db,
    reported.map((b) => b.id),
  );
  return reported.map((b) => ({
    number: b.number,
    text: b.text,
    kind: b.kind,
    visibility: b.visibility,
    anonymous: b.anonymous === 1,
    status: b.status,
    createdAt: b.created_at,
    messages: messages
      .filter((m) => m.barrier_id === b.id)
      .map(({ from, text, status, at }) => ({ from, text, status, at })),
  }));
}

function bilingual(pl: string | null, en: string | null): Authored {
  return { ...(pl !== null && { pl }), ...(en !== null && { en }) };
}

function textOf(body: string): string {
  const { text } = JSON.parse(body) as { text?: unknown };
  return typeof text === 'string' ? text : '';
}
