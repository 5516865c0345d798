import type { Flag } from '../schema.ts';

/** One attempt at a backup. */
export interface BackupTable {
  /** Of the daily one its due moment, so that only one process makes it. */
  id: string;
  /** The moment the backup shows. */
  at: number;
  /** Null while it is being made, and for ever when the process died over it. */
  ended_at: number | null;
  file: string | null;
  /** In bytes. */
  size: number | null;
  /** Why there is none, in the operator's words. */
  fault: string | null;
}

/** This network was restored from a backup. */
export interface RestorationTable {
  id: string;
  /** The moment the backup shows. */
  taken_at: number;
  at: number;
  /** At the first start: since then nothing older leaves. */
  held_at: number | null;
  /** Staff decided what becomes of what waited. */
  settled_at: number | null;
  /** What they decided: 1 = it was sent. */
  sent: Flag | null;
}

/** There is a row when this network lives in another database now: nothing may be started on this one. */
export interface MovedTable {
  id: 'moved';
  at: number;
  /** Where to, without user and password. */
  target: string;
}
