import type { Generated } from 'kysely';

/** How the people of a subject are divided: all of them, and by where each belonged when the message was made for them. */
export type Part = 'all' | 'branch' | 'company' | 'language' | 'channel' | 'reason';

/** How many main deliveries of a subject to people stand how; each figure is the sum of its slots. */
export interface SubjectCountTable {
  subject_kind: 'announcement' | 'poll';
  subject_id: string;
  part: Part;
  /** The branch, company, language, messenger or reason; '' = all, or none of them. */
  part_id: string;
  /** Those who count at the same time count in different rows, so that none waits for another. */
  slot: number;
  /** pending + accepted + unknown + unreachable + failed. Of the part "reason" only the unreachable are counted. */
  recipients: Generated<number>;
  /** Waiting or being sent; on no messenger yet. */
  pending: Generated<number>;
  accepted: Generated<number>;
  unknown: Generated<number>;
  unreachable: Generated<number>;
  failed: Generated<number>;
  confirmed: Generated<number>;
  /** Announcements: accepted or unknown, and not confirmed. */
  unconfirmed: Generated<number>;
  /** People who wrote back at least once. */
  replied: Generated<number>;
  /** What they wrote; of the part "all" only. */
  replies: Generated<number>;
  /** Ballots; of an anonymous poll in the part "all" only. */
  voted: Generated<number>;
}

/** A named poll's votes by where the voters belonged when they were asked. */
export interface PollGroupVoteTable {
  poll_id: string;
  part: 'branch' | 'company';
  part_id: string;
  position: number;
  votes: number;
}
