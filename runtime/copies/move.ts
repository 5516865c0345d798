import { setTimeout } from 'node:timers/promises';
import { markMoved, unmarkMoved } from '../../core/store/restorations.ts';
import type { Db } from '../../core/store/schema.ts';
import type { Config } from '../config.ts';
import { databaseLocation } from '../data-folder.ts';
import { lockDataFolder, runningOn } from '../data-lock.ts';
import { systemClock } from '../ids.ts';
import { databaseFault, openMigrated, refuseMoved } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import type { Sums } from './batch.ts';
import { withSnapshot } from './snapshot.ts';
import { fillTarget } from './target.ts';

/**
 * Copies the network to another, empty database and marks this one, so that nobody starts on it again by mistake: two
 * programs on one network would send everything twice. Nothing else is changed here. Throws OperatorError in a line.
 */
export async function move(config: Config, target: string): Promise<Sums> {
  const source = databaseLocation(config);
  if (target === source) throw new OperatorError('--to: the network is in this database already.');
  const running = runningOn(config.dataFolder);
  if (running) throw new OperatorError(stillRunning(`process ${running.pid}`));
  const lock = lockDataFolder(config.dataFolder);
  try {
    const { database } = await openMigrated(config);
    try {
      await refuseMoved(database);
      await requireNobody(database.db);
      const sums = await copy(source, target);
      await markMoved(database.db, systemClock.now(), publicName(target));
      return sums;
    } finally {
      await database.close();
    }
  } finally {
    lock.release();
  }
}

async function copy(source: string, target: string): Promise<Sums> {
  try {
    return await withSnapshot(source, ({ migration, batches }) =>
      fillTarget(target, { migration, batches }, async () => undefined),
    );
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(databaseFault(target, error));
  }
}

/** A process's row counts on every second: somebody is at work on another machine, too, when one moves. */
async function requireNobody(db: Db): Promise<void> {
  const beats = () => db.selectFrom('process').select(['machine', 'pid', 'beat']).orderBy('id').execute();
  const before = await beats();
  if (before.length === 0) return;
  await setTimeout(2500);
  const after = await beats();
  const alive = after.find((a) =>
    before.some((b) => b.machine === a.machine && b.pid === a.pid && b.beat !== a.beat),
  );
  if (alive) throw new OperatorError(stillRunning(`process ${alive.pid} on ${alive.machine}`));
}

const stillRunning = (who: string) =>
  `Wici is running (${who}): stop it first, so that nothing is written here while it moves, then run this again.`;

/** Where it is, without user and password. */
function publicName(location: string): string {
  if (!location.startsWith('postgres')) return location;
  const { host, pathname } = new URL(location);
  return `postgres://${host}${pathname}`;
}

/** Takes the mark of a move away: this database is the one in use after all. False when there was none. */
export async function undoMove(config: Config): Promise<boolean> {
  const { database } = await openMigrated(config);
  try {
    return await unmarkMoved(database.db);
  } finally {
    await database.close();
  }
}
