import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findNetwork } from '../../core/store/network.ts';
import type { Db } from '../../core/store/schema.ts';
import { OperatorError } from '../operator-error.ts';
import { version } from '../version.ts';
import { bringToDisk, checkArchive, writeArchive } from './archive.ts';
import { type Sums, until } from './batch.ts';
import { fileName, outlived, type Retention, seriesOf } from './file-name.ts';
import { type Snapshot, withSnapshot } from './snapshot.ts';

export interface Wanted {
  /** What openDatabase takes. */
  readonly location: string;
  /** The installation's own; it goes into the backup. */
  readonly secret: string;
  /** Now, epoch ms: all that was committed by then is in it. */
  readonly takenAt: number;
  /** A file, or the folder of the daily ones, whose outlived ones are removed then. */
  readonly to: { readonly file: string } | { readonly folder: string; readonly keep: Retention };
}

export interface Made {
  readonly file: string;
  readonly size: number;
  /** The moment it shows, epoch ms. */
  readonly takenAt: number;
  readonly sums: Sums;
}

/**
 * Makes a backup beside the running program. It gets its name when it is whole, on the disk and read back: whatever happens
 * before leaves none. Throws OperatorError in a line; given up by `stop`.
 */
export async function backUp(wanted: Wanted, stop?: AbortSignal): Promise<Made> {
  const { location, secret, to } = wanted;
  return withSnapshot(location, async (whole) => {
    const snapshot = { ...whole, batches: until(whole.batches, stop) };
    const file = 'file' in to ? to.file : join(to.folder, await dailyName(snapshot.db, wanted));
    if (existsSync(file)) throw new OperatorError(`${file} exists already: name another file.`);
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const made = await write(snapshot, wanted, file, stop);
      if ('folder' in to) await clear(to.folder, seriesOf(secret), to.keep);
      return made;
    } catch (error) {
      if (stop?.aborted) throw new OperatorError('Wici was stopped while it was made.');
      throw new OperatorError(whyNot(file, error));
    }
  });
}

async function dailyName(db: Db, { secret, takenAt }: Wanted): Promise<string> {
  const { time_zone } = await findNetwork(db);
  return fileName(seriesOf(secret), takenAt, time_zone);
}

async function write(
  { kind, migration, batches }: Snapshot,
  { secret, takenAt }: Wanted,
  file: string,
  stop: AbortSignal | undefined,
): Promise<Made> {
  const part = `${file}.${randomBytes(4).toString('hex')}${partEnding}`;
  try {
    const sums = await writeArchive(part, { version, migration, database: kind, takenAt, secret }, batches);
    await checkArchive(part, stop);
    const { size } = await stat(part);
    await rename(part, file);
    await bringToDisk(dirname(file));
    return { file, size, takenAt, sums };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

const partEnding = '.part';
/** Longer than any backup takes: what is left of one older than this was left by a process that died. */
const partLivesMs = 86_400_000;

async function clear(folder: string, series: string, keep: Retention): Promise<void> {
  const names = await readdir(folder);
  for (const name of outlived(names, series, keep)) await rm(join(folder, name), { force: true });
  for (const name of names.filter((n) => n.startsWith(`${series}-`) && n.endsWith(partEnding))) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - partLivesMs) await rm(join(folder, name), { force: true });
  }
}

/** Makes the folder where it is not there yet; in a line, why no backup could be written to it, or null. */
export function folderFault(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return whyNot(join(folder, 'a backup'), error);
  }
}

/** A line for the operator: what is wrong and what to do. */
export function whyNot(file: string, error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  const folder = dirname(file);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return `There is no room for ${basename(file)} in ${folder}: make room there, or name another folder (BACKUP_DIR).`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${folder} cannot be written to (${code}): give this user the folder, or name another one (BACKUP_DIR).`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${folder} is not a folder: name another one (BACKUP_DIR).`;
    default:
      return `${file} could not be written (${code ?? message ?? 'unknown fault'}): check the folder and the disk.`;
  }
}
