import type { Flag } from '../schema.ts';

export interface PollTable {
  id: string;
  question_pl: string | null;
  question_en: string | null;
  multiple: Flag;
  anonymous: Flag;
  show_results: 'afterVote' | 'afterClose' | 'never';
  audience: string;
  urgent: Flag;
  opens_at: number;
  closes_at: number;
  reminder_count: number;
  reminder_every_hours: number;
  status: 'scheduled' | 'open' | 'closed' | 'paused' | 'stopped';
  author_id: string | null;
  demo: Flag;
  revision: number;
  created_at: number;
  closed_at: number | null;
}

export interface PollOptionTable {
  poll_id: string;
  /** 0-based; also the option's value in the choice block. */
  position: number;
  label_pl: string | null;
  label_en: string | null;
  /** Kept as votes happen. For an anonymous poll it is the only trace of an answer. */
  votes: number;
}

/** That a member voted. For an anonymous poll: neither what nor when. */
export interface BallotTable {
  poll_id: string;
  member_id: string;
  /** JSON array of positions; null for an anonymous poll. */
  options: string | null;
  voted_at: number | null;
}
