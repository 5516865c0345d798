import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type SQLite from 'better-sqlite3';
import { OperatorError } from './operator-error.ts';
import { sqliteDriver } from './sqlite-driver.ts';

export interface DataLock {
  /** Tells a second start where this one answers, and whoever is on this machine where it listens. */
  announce(url: string, local?: string): void;
  release(): void;
}

export interface Running {
  readonly pid: number;
  /** Absent while it is still starting. */
  readonly url?: string;
  /** Its address on this machine. */
  readonly local?: string;
}

/**
 * Makes this the only process on the data folder. The operating system holds the lock and drops it with the process,
 * however it dies; the file beside it only says who holds it.
 */
export function lockDataFolder(dataFolder: string): DataLock {
  const lock = tryLock(dataFolder);
  if (!lock) throw new OperatorError(alreadyRunning(dataFolder));
  const note = noteFile(dataFolder);
  const write = (running: Running) => writeFileSync(note, JSON.stringify(running), { mode: 0o600 });
  write({ pid: process.pid });
  return {
    announce: (url, local) => write({ pid: process.pid, url, ...(local ? { local } : {}) }),
    release: () => {
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

/** For processes that share a database elsewhere and may share the folder too: the first one is named in it. */
export function shareDataFolder(dataFolder: string): DataLock {
  try {
    return lockDataFolder(dataFolder);
  } catch (error) {
    if (error instanceof OperatorError) return { announce: () => undefined, release: () => undefined };
    throw error;
  }
}

/** The process that holds the folder now, or null. */
export function runningOn(dataFolder: string): Running | null {
  const lock = tryLock(dataFolder);
  lock?.close();
  return lock ? null : readNote(dataFolder);
}

function tryLock(dataFolder: string): SQLite.Database | null {
  const lock = new (sqliteDriver())(join(dataFolder, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}

function alreadyRunning(dataFolder: string): string {
  const { pid, url } = readNote(dataFolder);
  const where = url ? `at ${url}` : 'and still starting';
  return `Wici is already running ${where} (process ${pid}, data in ${dataFolder}).`;
}

function readNote(dataFolder: string): Running {
  try {
    return JSON.parse(readFileSync(noteFile(dataFolder), 'utf8')) as Running;
  } catch {
    return { pid: 0 };
  }
}

function noteFile(dataFolder: string): string {
  return join(dataFolder, 'running.json');
}
