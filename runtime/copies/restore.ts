import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearPassing, insertRestoration } from '../../core/store/restorations.ts';
import type { Db } from '../../core/store/schema.ts';
import { migrations } from '../../migrations/index.ts';
import type { Config } from '../config.ts';
import { databaseLocation, makeDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-lock.ts';
import { systemClock, systemIds } from '../ids.ts';
import { OperatorError } from '../operator-error.ts';
import { ArchiveFault, checkArchive, type Header, readArchive } from './archive.ts';
import type { Sums } from './batch.ts';
import { fillTarget, requireEmpty } from './target.ts';

export interface Restored {
  readonly header: Header;
  readonly sums: Sums;
  /** WICI_SECRET is set, and is not the backup's. */
  readonly otherSecret: boolean;
}

/** Reads the whole backup and says what it holds. Throws OperatorError when it is damaged, or of a newer Wici. */
export async function examineBackup(file: string): Promise<{ header: Header; sums: Sums }> {
  try {
    const found = await checkArchive(file);
    if (!(found.header.migration in migrations)) {
      throw new OperatorError(
        `${file} was made by a newer Wici (${found.header.version}): update this one first.`,
      );
    }
    return found;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (error instanceof ArchiveFault) {
      throw new OperatorError(`${file} is not a whole backup (${error.message}): take another one.`);
    }
    const { code } = error as { code?: string };
    throw new OperatorError(`${file} cannot be read (${code ?? 'unknown fault'}): check its name and owner.`);
  }
}

/** Puts a backup into the empty data folder or PostgreSQL database the configuration names. Throws OperatorError. */
export async function restore(config: Config, file: string): Promise<Restored> {
  makeDataFolder(config);
  const lock = lockDataFolder(config.dataFolder);
  try {
    const location = databaseLocation(config);
    await requireEmpty(location);
    const { header, sums } = await examineBackup(file);
    await fillTarget(location, { migration: header.migration, batches: readArchive(file) }, (tx) =>
      markRestored(tx, header),
    );
    if (config.secret === undefined) await keepSecret(config.dataFolder, header.secret);
    return { header, sums, otherSecret: config.secret !== undefined && config.secret !== header.secret };
  } finally {
    lock.release();
  }
}

async function markRestored(tx: Db, { takenAt, secret }: Header): Promise<void> {
  await clearPassing(tx);
  await insertRestoration(tx, {
    id: systemIds(systemClock, secret).next(),
    taken_at: takenAt,
    at: systemClock.now(),
    held_at: null,
    settled_at: null,
    sent: null,
  });
}

async function keepSecret(dataFolder: string, secret: string): Promise<void> {
  const file = join(dataFolder, 'secret');
  await writeFile(`${file}.new`, `${secret}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
