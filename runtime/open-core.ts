import { seedNetwork } from '../core/network/seed.ts';
import { movedTo } from '../core/store/restorations.ts';
import type { Core } from '../core/unit.ts';
import type { Config } from './config.ts';
import { type CoreParts, createCore } from './core.ts';
import { databaseLocation } from './data-folder.ts';
import { type Database, openDatabase } from './database.ts';
import { loadTexts } from './i18n.ts';
import { systemClock, systemIds } from './ids.ts';
import { OperatorError } from './operator-error.ts';
import { keptSecret } from './secret.ts';

export interface OpenCore {
  readonly core: Core;
  readonly database: Database;
  /** Migrations applied just now. */
  readonly migrated: readonly string[];
}

type Around = Pick<CoreParts, 'channels' | 'wayIn' | 'hear'>;

const alone: Around = { channels: () => ['webchat'], wayIn: () => null, hear: () => undefined };

/**
 * The core over the operator's database, its schema brought up to date and the network's own row there.
 * Commands use it beside a running server; what they ring nobody hears, and the server's sweep finds it.
 */
export async function openCore(config: Config, around: Around = alone): Promise<OpenCore> {
  const { database, migrated } = await openMigrated(config);
  try {
    await refuseMoved(database);
    const core = createCore({
      database,
      clock: systemClock,
      ids: systemIds(systemClock, config.secret ?? keptSecret(config.dataFolder)),
      texts: await loadTexts(),
      ...around,
      url: config.url,
    });
    await core.transaction((unit) => seedNetwork(unit));
    return { core, database, migrated };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The operator's database with its newest tables. Throws OperatorError when it cannot be used. */
export async function openMigrated(config: Config): Promise<{ database: Database; migrated: string[] }> {
  const location = databaseLocation(config);
  let database: Database | undefined;
  try {
    database = openDatabase(location);
    return { database, migrated: await database.migrate() };
  } catch (error) {
    await database?.close().catch(() => undefined);
    throw error instanceof OperatorError ? error : new OperatorError(databaseFault(location, error));
  }
}

/** In a line, what is wrong with a database and what to do. */
export function databaseFault(location: string, error: unknown): string {
  return location.startsWith('postgres') ? postgresFault(location, error) : sqliteFault(location, error);
}

/** A network that moved away is not to be worked on here: it would send what its other self sends as well. */
export async function refuseMoved({ db }: Database): Promise<void> {
  const moved = await movedTo(db);
  if (!moved) return;
  const day = new Date(moved.at).toISOString().slice(0, 10);
  throw new OperatorError(
    `This network moved to ${moved.target} on ${day}: name that one in .env (DATABASE_URL). To use this old copy after all: npx wici move --undo`,
  );
}

function postgresFault(url: string, error: unknown): string {
  const { host, pathname } = new URL(url);
  const code = codeOf(error);
  const where = `DATABASE_URL: ${host}${pathname}`;
  if (code === '28P01' || code === '28000') return `${where} refuses the user or password: correct them.`;
  if (code === '3D000')
    return `${where}: there is no such database: create it ("createdb ${pathname.slice(1)}").`;
  return `${where} cannot be used (${code}): start the server or correct the address, or leave DATABASE_URL empty.`;
}

function sqliteFault(file: string, error: unknown): string {
  return `WICI_DATA: the database ${file} cannot be used (${codeOf(error)}): check the disk and the file's owner, or restore a backup.`;
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  return typeof message === 'string' ? message.slice(0, 100) : 'unknown fault';
}
