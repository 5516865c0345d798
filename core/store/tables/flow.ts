import type { ColumnType, Generated } from 'kysely';
import type { ChannelName } from '../../channels/channel-name.ts';
import type { Language } from '../../language.ts';
import type { Lane } from '../../unit.ts';
import type { Flag } from '../schema.ts';

/** One message to one person, or to one group. `status` is only ever what is known. */
export interface DeliveryTable {
  id: string;
  token: string;
  /** Null for someone who has not joined yet: then account_id says where it goes. */
  member_id: string | null;
  account_id: string | null;
  /**
   * Where the member belonged when it was made, which is where it is counted. Without a language it is not counted: only main
   * deliveries of announcements and polls to people are.
   */
  company_id: AsMade<string | null>;
  branch_id: AsMade<string | null>;
  language: AsMade<Language | null>;
  /** A message posted in a group: it is to nobody, so member and account are null, and no count of people counts it. */
  group_id: string | null;
  subject_kind: DeliverySubject;
  /**
   * The announcement, poll, barrier …; for 'dialog' the conversation's owner; for 'home' the account it stands on; for 'group'
   * the group itself.
   */
  subject_id: string;
  /**
   * main; reminder.1, reminder.2 …; result; 'group' for what is posted in a group; 'shown' for what a person asked to see, who
   * sees it even after /stop.
   */
  purpose: string;
  /** At most one delivery bears it (`announcement:<id>:main:<member>`); null for dialog messages. */
  dedupe_key: string | null;
  /** JSON StoredContent for dialog-like messages; null when composed from the subject as it stands. */
  content: string | null;
  lane: Lane;
  /**
   * pending → sending → accepted (the platform took it) | unknown (it may have) | failed (it refused) |
   * unreachable (no open address). Whether the person confirmed is confirmed_at.
   */
  status: Counted<'pending' | 'sending' | 'accepted' | 'unknown' | 'unreachable' | 'failed'>;
  /** Why unreachable, failed, unknown, or why it waits (its messenger is paused): a key under locales …/delivery.json "reason". */
  reason: string | null;
  /** Paused by staff. */
  held: Generated<Flag>;
  /** Waits for the end of quiet hours. */
  quiet: Flag;
  /** Earliest moment to send (quiet hours, retry after). */
  not_before: number;
  /** When that moment was written down, as the clock stood then; null where it was made so. */
  put_off_at: Waits;
  attempts: Generated<number>;
  claimed_at: number | null;
  /** The process that is sending it, or sent it last. */
  claimed_by: string | null;
  /** The messenger it was sent on last, or whose end of pause it waits for. */
  channel: ChannelName | null;
  external_message_id: string | null;
  reply_to: string | null;
  created_at: number;
  accepted_at: number | null;
  /** Read-back pressed. For an anonymous poll a vote leaves no time: 0. */
  confirmed_at: Counted<number | null>;
  /** The shown message should be edited to the subject's present state when wanted > done. */
  edit_wanted: Generated<number>;
  edit_done: Generated<number>;
}

/** Set by core/store/delivery-status.ts, which counts it. */
type Counted<T> = ColumnType<T, T, never>;
/** Set where `not_before` is, once the delivery is made. */
type Waits = ColumnType<number | null, undefined, number | null>;
/** Set by the insert; a company may be forgotten later. */
type AsMade<T> = ColumnType<T, T | undefined, T>;

export type DeliverySubject = 'announcement' | 'poll' | 'barrier' | 'reply' | 'dialog' | 'home' | 'group';

/** Something due at a moment. Taken once: `done_at` is set in the transaction that does it. */
export interface DueMomentTable {
  id: string;
  kind: DueKind;
  subject_id: string;
  /** The subject's revision it was made for: a later one makes it harmless. */
  revision: number;
  at: number;
  done_at: number | null;
  /** Not done until staff decide: it may have been done after the backup this network was restored from. */
  held: Flag;
}

export type DueKind =
  | 'announcement.send'
  | 'announcement.remind'
  | 'poll.open'
  | 'poll.remind'
  | 'poll.close'
  | 'simulate';

/** The open dialog of one person (member id) or of an address not yet joined (account id). */
export interface ConversationTable {
  owner_id: string;
  dialog: string;
  version: number;
  /** Goes up with every step: buttons of earlier steps are old. */
  revision: number;
  state: string;
  updated_at: number;
}

/** A messenger as a whole. */
export interface ChannelStateTable {
  channel: ChannelName;
  /** Nothing is sent on it since then; null = it is sent on. */
  paused_at: number | null;
  /** To the minute. */
  last_in_at: number | null;
  /** To the minute. */
  last_out_at: number | null;
}

/** An event taken. No text, no person: only that it was taken. */
export interface InboundEventTable {
  channel: ChannelName;
  external_event_id: string;
  taken_at: number;
}

/** The web chat's own transcript: what its page shows. */
export interface WebchatMessageTable {
  /** Delivery id for what Wici says, a row id for what the person writes. */
  id: string;
  external_id: string;
  from: 'wici' | 'person';
  /** JSON: RenderedMessage of bots/webchat/render.ts, or {text} of a person. */
  body: string;
  at: number;
  /** Grows over the whole table with every insert and edit: a page catches up by asking for what is newer. */
  position: number;
}
