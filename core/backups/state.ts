import { type Backup, lastBackups } from '../store/backups.ts';
import { findNetwork } from '../store/network.ts';
import type { Db } from '../store/schema.ts';

/** A backup older than this is told of. */
const oldMs = 2 * 86_400_000;

export interface BackupState {
  /** The last that was made. */
  readonly made: { readonly at: number; readonly file: string; readonly size: number } | null;
  /** Since the last one was made another failed: in the operator's words. */
  readonly failed: { readonly at: number; readonly why: string } | null;
  /** There is none of the last two days, though the network is older than that. */
  readonly old: boolean;
}

export async function backupState(db: Db, now: number): Promise<BackupState> {
  const { tried, made } = await lastBackups(db);
  const { named_at } = await findNetwork(db);
  const since = made?.at ?? named_at ?? now;
  return {
    made: made && { at: made.at, file: made.file ?? '', size: made.size ?? 0 },
    failed: failureOf(tried),
    old: now - since > oldMs,
  };
}

function failureOf(tried: Backup | null): BackupState['failed'] {
  return tried?.fault == null ? null : { at: tried.at, why: tried.fault };
}
