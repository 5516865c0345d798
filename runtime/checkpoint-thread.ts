import { parentPort, workerData } from 'node:worker_threads';
import { sqliteDriver } from './sqlite-driver.ts';

// What Checkpoints runs beside the program: each "write" writes the log back as far as nobody is in the way.
const sqlite = new (sqliteDriver())(workerData as string);
// As the connection that commits: the log is begun anew only once what stood in it is on the disk.
sqlite.pragma('synchronous = FULL');
const checkpoint = sqlite.prepare('pragma wal_checkpoint(PASSIVE)');

parentPort?.on('message', (order: 'write' | 'end') => {
  if (order === 'write') return parentPort?.postMessage(written());
  sqlite.close();
  parentPort?.close();
});

/** False when the disk is full or the like: what is committed stays in the log, and it is tried again. */
function written(): boolean {
  try {
    checkpoint.get();
    return true;
  } catch {
    return false;
  }
}
