import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { databaseLocation } from '../data-folder.ts';
import { openDatabase } from '../database.ts';
import { OperatorError } from '../operator-error.ts';
import { moment, print } from './output.ts';
import { operatorConfig } from './with-core.ts';

const examples = `
The copy is consistent and may be made while Wici runs. Keep the file "secret" of the data folder with it.
To restore: stop Wici, put the copy in place of wici.db (remove wici.db-wal and wici.db-shm), start.

Examples:
  npx wici backup
  npx wici backup /mnt/backups/wici-monday.db`;

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the database, also while Wici runs')
    .argument('[file]', 'where to (default: backups/ in the data folder)')
    .addHelpText('after', examples)
    .action(backup);
}

async function backup(given: string | undefined): Promise<void> {
  const config = operatorConfig();
  if (config.databaseUrl) {
    throw new OperatorError('DATABASE_URL: Wici is on PostgreSQL: back it up with pg_dump "$DATABASE_URL".');
  }
  const source = databaseLocation(config);
  if (!existsSync(source)) throw new OperatorError(`There is no database in ${config.dataFolder} yet.`);
  const stamp = moment(Date.now()).replace(/\D/g, '');
  const target = resolve(given ?? join(config.dataFolder, 'backups', `wici-${stamp}.db`));
  if (existsSync(target)) throw new OperatorError(`${target} exists already: name another file.`);
  const database = openDatabase(source);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    await database.backup(target);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new OperatorError(
      `${target} cannot be written (${code ?? 'unknown fault'}): check the folder and the disk.`,
    );
  } finally {
    await database.close();
  }
  print(`Copied to ${target}`);
}
