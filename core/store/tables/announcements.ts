import type { Flag } from '../schema.ts';

export interface AttachmentTable {
  id: string;
  kind: 'image' | 'file';
  file_name: string;
  content_type: string;
  size: number;
  data: Uint8Array;
  created_at: number;
}

export interface AnnouncementTable {
  id: string;
  title_pl: string | null;
  title_en: string | null;
  text_pl: string | null;
  text_en: string | null;
  link: string | null;
  attachment_id: string | null;
  /** JSON Audience. */
  audience: string;
  /** JSON array: the groups it is posted in as well. */
  group_ids: string;
  confirm: Flag;
  urgent: Flag;
  /** Members may write back under it. */
  replies: Flag;
  reminder_count: number;
  reminder_every_hours: number;
  send_at: number;
  /** scheduled → sending → sent; paused and stopped by staff. */
  status: 'scheduled' | 'sending' | 'sent' | 'paused' | 'stopped';
  author_id: string | null;
  demo: Flag;
  revision: number;
  created_at: number;
  /** Fan-out began. */
  started_at: number | null;
  /** No delivery left pending. */
  finished_at: number | null;
  corrected_at: number | null;
  /** When half, and nine tenths, of the recipients had confirmed; null while they have not. */
  half_at: number | null;
  ninety_at: number | null;
}
