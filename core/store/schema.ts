import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { ApiTokenTable, IdempotencyTable, SessionTable, SignInLinkTable } from './tables/access.ts';
import type { AnnouncementTable, AttachmentTable } from './tables/announcements.ts';
import type { BackupTable, MovedTable, RestorationTable } from './tables/copies.ts';
import type { PollGroupVoteTable, SubjectCountTable } from './tables/counts.ts';
import type {
  ChannelStateTable,
  ConversationTable,
  DeliveryTable,
  DueMomentTable,
  InboundEventTable,
  WebchatMessageTable,
} from './tables/flow.ts';
import type { GroupChatTable } from './tables/groups.ts';
import type { BranchTable, CompanyTable, InvitationTable, NetworkTable } from './tables/network.ts';
import type { AccountTable, MemberTable } from './tables/people.ts';
import type { BallotTable, PollOptionTable, PollTable } from './tables/polls.ts';
import type { LeaseTable, ProcessTable } from './tables/processes.ts';
import type { BarrierMessageTable, BarrierTable, ReplyTable } from './tables/voices.ts';

/**
 * Every table, one interface each, true on SQLite and PostgreSQL alike: ids are text, moments are epoch milliseconds,
 * booleans are 0 or 1, lists and objects are JSON text, bytes are blobs.
 */
export interface Schema {
  network: NetworkTable;
  branch: BranchTable;
  company: CompanyTable;
  member: MemberTable;
  account: AccountTable;
  invitation: InvitationTable;
  attachment: AttachmentTable;
  announcement: AnnouncementTable;
  poll: PollTable;
  poll_option: PollOptionTable;
  ballot: BallotTable;
  barrier: BarrierTable;
  barrier_message: BarrierMessageTable;
  reply: ReplyTable;
  delivery: DeliveryTable;
  subject_count: SubjectCountTable;
  poll_group_vote: PollGroupVoteTable;
  due_moment: DueMomentTable;
  conversation: ConversationTable;
  inbound_event: InboundEventTable;
  channel_state: ChannelStateTable;
  group_chat: GroupChatTable;
  webchat_message: WebchatMessageTable;
  session: SessionTable;
  sign_in_link: SignInLinkTable;
  api_token: ApiTokenTable;
  idempotency: IdempotencyTable;
  backup: BackupTable;
  restoration: RestorationTable;
  moved: MovedTable;
  process: ProcessTable;
  lease: LeaseTable;
}

/** A database handle: the plain one for reading, or a transaction's. Queries take it first and never reach for another. */
export type Db = Kysely<Schema>;
export type Row<T extends keyof Schema> = Selectable<Schema[T]>;
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>;
export type Change<T extends keyof Schema> = Updateable<Schema[T]>;

export type Flag = 0 | 1;
