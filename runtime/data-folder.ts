import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { OperatorError } from './operator-error.ts';

/** Makes the data folder, closed to other users. */
export function makeDataFolder({ dataFolder }: Config): void {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new OperatorError(
      `WICI_DATA: ${dataFolder} cannot be made or written to: give this user the folder, or name another one.`,
      2,
    );
  }
}

/** What openDatabase takes. */
export function databaseLocation(config: Config): string {
  return config.databaseUrl ?? join(config.dataFolder, 'wici.db');
}
