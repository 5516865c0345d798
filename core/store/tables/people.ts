import type { Generated } from 'kysely';
import type { ChannelName } from '../../channels/channel-name.ts';
import type { Language } from '../../language.ts';
import type { Flag } from '../schema.ts';

export interface MemberTable {
  id: string;
  name: string;
  name_folded: string;
  /** `nameKey(name)`: what it is sorted by, byte by byte. */
  name_key: Named;
  /** Name, e-mail and tags, folded: what it is found by. */
  search: Named;
  email: string | null;
  company_id: string | null;
  role: 'member' | 'staff' | 'administrator';
  language: Language;
  /**
   * listed: known to staff (import), not joined. active: joined with consent. stopped: said /stop, nothing is sent.
   * erased: asked to be forgotten; the row stays only so that counts hold, with name and email emptied.
   */
  status: 'listed' | 'active' | 'stopped' | 'erased';
  consent_at: number | null;
  consent_version: number | null;
  stopped_at: number | null;
  demo: Flag;
  /** A demo member whose buttons are pressed by the simulation. */
  simulated: Flag;
  /** JSON array of strings. */
  tags: string;
  /** The open account used last. Follows from the accounts, as `ways` does; the store sets both with them. */
  account_id: Generated<string | null>;
  /**
   * The messengers with an open account, the one used last first, with a space between them; 'blocked' when every account is
   * gone, 'noAccount' when there is none.
   */
  ways: Named;
  revision: number;
  created_at: number;
  updated_at: number;
}

/** Follows from other columns; the store sets it with them. */
export type Named = Generated<string>;

/** One address of a person on one messenger; `member_id` is null until they have joined. */
export interface AccountTable {
  id: string;
  channel: ChannelName;
  external_id: string;
  member_id: string | null;
  /** gone: the platform says nothing reaches it (blocked, deactivated). */
  status: 'open' | 'gone';
  gone_reason: string | null;
  display_name: string | null;
  /** The language spoken with this address before its person is known. */
  language: Language;
  last_used_at: number;
  /**
   * The platform's ids of the conversation with this address and of the newest message taken from it; null where neither is
   * needed, or known yet, to read back what was written while nobody listened.
   */
  thread_id: string | null;
  thread_read_to: string | null;
  created_at: number;
}
