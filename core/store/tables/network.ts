import type { Flag } from '../schema.ts';
import type { Named } from './people.ts';

/** One row (id = 'network'): the organisation's own settings, edited on the console. */
export interface NetworkTable {
  id: string;
  name: string;
  /** JSON array of languages, the first is the network's own. */
  languages: string;
  /** IANA time zone. */
  time_zone: string;
  /** "HH:MM" in time_zone, or null for no quiet hours. */
  quiet_from: string | null;
  quiet_to: string | null;
  joining: 'invited' | 'open';
  /** Answers of groups smaller than this are not shown. */
  smallest_group: number;
  /** Whom to ask about personal data; shown in the consent and the "about me" texts. */
  contact: string | null;
  /** Set when the administrator has named the network: the first-run page is over. */
  named_at: number | null;
  revision: number;
  updated_at: number;
}

export interface BranchTable {
  id: string;
  name_pl: string;
  name_en: string;
  position: number;
  archived_at: number | null;
}

export interface CompanyTable {
  id: string;
  name: string;
  /** `fold(name)`: lower case without diacritics, for matching. */
  name_folded: string;
  /** `nameKey(name)`: what it is sorted by, byte by byte. */
  name_key: Named;
  /** Name, unit, tags and offers, folded: what it is found by. */
  search: Named;
  branch_id: string | null;
  offer_pl: string | null;
  offer_en: string | null;
  website: string | null;
  unit: string | null;
  /** JSON array of strings. */
  tags: string;
  demo: Flag;
  revision: number;
  created_at: number;
  updated_at: number;
}

/** An invitation, the network's open link, a group's Join button, or the short code that links a second messenger. */
export interface InvitationTable {
  id: string;
  /** /start payload and URL path segment: [A-Za-z0-9]; personal and company 16, link codes 8. */
  code: string;
  kind: 'personal' | 'company' | 'network' | 'group' | 'link';
  /** Personal: the person's name, if known; of a group: what it is called. */
  name: string | null;
  /** Personal for a person already on the list, and link codes: that member. */
  member_id: string | null;
  company_id: string | null;
  role: 'member' | 'staff' | 'administrator';
  language: string | null;
  created_by: string | null;
  created_at: number;
  expires_at: number | null;
  /** Marked by staff or by the export of a mailing; the state "sent". */
  sent_at: number | null;
  opened_at: number | null;
  /** First join with it; personal and link codes are used up then. */
  joined_at: number | null;
  joined_count: number;
  revoked_at: number | null;
  /** For a person who had joined and lost their addresses. */
  again: Flag;
}
