import type { Language } from '../../language.ts';
import type { Flag } from '../schema.ts';

export interface BarrierTable {
  id: string;
  /** What people call it by: 1, 2, 3 … */
  number: number;
  /** Who reported it. With `anonymous` it is never shown, exported nor returned: it serves only to carry answers back. */
  reporter_id: string | null;
  company_id: string | null;
  anonymous: Flag;
  kind: 'administrative' | 'infrastructure' | 'finance' | 'staff' | 'cooperation' | 'information' | 'other';
  /** private: staff only. shared: others may see it, without who. */
  visibility: 'private' | 'shared';
  text: string;
  language: Language;
  status: 'new' | 'inProgress' | 'solved' | 'declined';
  demo: Flag;
  revision: number;
  created_at: number;
  updated_at: number;
}

/** What was said on a barrier after it was reported: messages both ways and changes of status. */
export interface BarrierMessageTable {
  id: string;
  barrier_id: string;
  from: 'staff' | 'reporter';
  author_id: string | null;
  /** Empty for a bare change of status. */
  text: string;
  /** The status this message set, if any. */
  status: BarrierTable['status'] | null;
  at: number;
}

/** Feedback: what members write under an announcement or poll, and what staff answers. */
export interface ReplyTable {
  id: string;
  subject_kind: 'announcement' | 'poll';
  subject_id: string;
  /** The member whose exchange this is part of. */
  member_id: string;
  from: 'member' | 'staff';
  author_id: string | null;
  text: string;
  at: number;
  /** Member's replies: when staff answered it or marked it as read. */
  handled_at: number | null;
  demo: Flag;
}
