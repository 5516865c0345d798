import { createRequire } from 'node:module';
import type SQLite from 'better-sqlite3';
import { OperatorError } from './operator-error.ts';

type Driver = typeof SQLite;

const require = createRequire(import.meta.url);

/** Version 13 comes with builds for this Node-API and newer (Node 22.14); an older Node dies of it. */
const ready = { name: 'better-sqlite3-13', nodeApi: 10 };
let found: Driver | null = null;

/**
 * The SQLite driver that runs on this Node: version 13, else version 12. Where 13 runs 12 is passed over, because 12
 * compiled for Node 24.19 or newer aborts the program when a statement is collected (nodejs/node#65446).
 */
export function sqliteDriver(): Driver {
  found ??= firstThatRuns(
    Number(process.versions.napi) >= ready.nodeApi ? [ready.name, 'better-sqlite3'] : ['better-sqlite3'],
  );
  return found;
}

function firstThatRuns(names: readonly string[]): Driver {
  for (const name of names) {
    try {
      const driver = require(name) as Driver;
      new driver(':memory:').close();
      return driver;
    } catch {
      // Not made for this system.
    }
  }
  throw new OperatorError(
    'SQLite is missing: "npm install" found no ready-made better-sqlite3 for this system and could not build one. ' +
      'Install a compiler ("sudo apt install build-essential python3"), then run npm install again.',
  );
}
