import type { ChannelName } from '../../channels/channel-name.ts';

/** A chat shared by many people in which Wici can post: a channel of a workspace or server, a group. */
export interface GroupChatTable {
  id: string;
  channel: ChannelName;
  external_id: string;
  title: string;
  /** The server it belongs to, where there may be several. */
  place: string | null;
  /** closed: the messenger does not let Wici post there (not let in, removed, archived, no permission). */
  status: 'open' | 'closed';
  /** The member who let Wici in, where the messenger says who did and they are known. */
  let_in_by: string | null;
  /** What whoever presses its Join button is invited by; made by staff. */
  invitation_id: string | null;
  created_at: number;
}
