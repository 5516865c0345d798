import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Db } from '../../core/store/schema.ts';
import { openDatabase } from '../database.ts';
import { databaseFault } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import type { Sums } from './batch.ts';
import { type Copy, CopyDiffers, fill, isEmpty } from './load.ts';

/** Refuses a target in which anything stands. `location`: what openDatabase takes. */
export async function requireEmpty(location: string): Promise<void> {
  if (!location.startsWith('postgres')) {
    const standing = filesOf(location).filter((file) => existsSync(file));
    if (standing.length === 0) return;
    const which = standing.map((file) => basename(file)).join(', ');
    throw new OperatorError(
      `${dirname(location)} holds a database already (${which}): name an empty data folder (WICI_DATA), or move these files away together.`,
    );
  }
  const { host, pathname } = new URL(location);
  const database = openDatabase(location);
  try {
    if (await isEmpty(database)) return;
  } catch (error) {
    throw new OperatorError(databaseFault(location, error));
  } finally {
    await database.close();
  }
  throw new OperatorError(
    `${host}${pathname} has tables already: make an empty database ("createdb …") and name that one.`,
  );
}

/** Fills an empty target; what fails on the way leaves it empty. */
export async function fillTarget(
  location: string,
  copy: Copy,
  finish: (tx: Db) => Promise<void>,
): Promise<Sums> {
  await requireEmpty(location);
  const onSqlite = !location.startsWith('postgres');
  // A SQLite file gets its name when it is whole.
  const place = onSqlite ? `${location}.new` : location;
  if (onSqlite) await removeSqlite(place);
  const database = openDatabase(place);
  try {
    const sums = await fill(database, copy, finish);
    await database.close();
    if (onSqlite) await rename(place, location);
    return sums;
  } catch (error) {
    await database.close().catch(() => undefined);
    if (onSqlite) await removeSqlite(place);
    if (error instanceof CopyDiffers) {
      throw new OperatorError(`What was copied is not what was there: ${error.tables.join(', ')}.`);
    }
    throw error;
  }
}

async function removeSqlite(file: string): Promise<void> {
  for (const each of filesOf(file)) await rm(each, { force: true });
}

/** A database and what SQLite keeps beside it: left behind by a crash, the log would be read into the next one of that name. */
function filesOf(file: string): string[] {
  return ['', '-wal', '-shm'].map((ending) => `${file}${ending}`);
}
