import type { Core } from '../../core/unit.ts';
import { type Config, loadEnvironmentFile, readConfig } from '../config.ts';
import { makeDataFolder } from '../data-folder.ts';
import { runningOn } from '../data-lock.ts';
import type { Database } from '../database.ts';
import { openCore } from '../open-core.ts';
import { inWords } from './output.ts';

export interface CommandContext {
  readonly core: Core;
  readonly config: Config;
  readonly database: Database;
  readonly migrated: readonly string[];
}

/** Reads .env and the environment. */
export function operatorConfig(): Config {
  loadEnvironmentFile();
  return readConfig();
}

/** Opens the database for one command, also beside a running server, and closes it again. */
export async function withCore<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  const config = operatorConfig();
  makeDataFolder(config);
  const { core, database, migrated } = await openCore(config);
  try {
    return await inWords(core, () => work({ core, config, database, migrated }));
  } finally {
    await database.close();
  }
}

/** Where people reach Wici: as the running server has it, else as it is set. */
export function addressOf(config: Config): string {
  return runningOn(config.dataFolder)?.url ?? config.url;
}
