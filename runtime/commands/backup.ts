import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { insertBackup } from '../../core/store/backups.ts';
import type { Config } from '../config.ts';
import { backUp, type Made } from '../copies/back-up.ts';
import { databaseLocation } from '../data-folder.ts';
import { openDatabase } from '../database.ts';
import { systemClock, systemIds } from '../ids.ts';
import { databaseFault } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import { keptSecret } from '../secret.ts';
import { megabytes, print, rowsIn } from './output.ts';
import { operatorConfig } from './with-core.ts';

const examples = `
One file with everything: people, messages, attachments, and the secret people's web chats open by. Whoever can read it
knows all of that: keep it as you keep the data folder. The file .env is not in it.
May be made while Wici runs, which makes one every night by itself (BACKUP_AT).

Examples:
  npx wici backup
  npx wici backup /mnt/usb/wici.jsonl.gz`;

export function backupCommand(): Command {
  return new Command('backup')
    .description('make a backup of everything, also while Wici runs')
    .argument('[file]', 'where to (default: beside the nightly ones, in BACKUP_DIR)')
    .addHelpText('after', examples)
    .action(async (file: string | undefined) => {
      const config = operatorConfig();
      const location = databaseLocation(config);
      if (!config.databaseUrl && !existsSync(location)) {
        throw new OperatorError(`There is no database in ${config.dataFolder} yet.`);
      }
      const secret = config.secret ?? keptSecret(config.dataFolder);
      const { folder, keep } = config.backup;
      const made = await backUp({
        ...{ location, secret, takenAt: systemClock.now() },
        to: file === undefined ? { folder, keep } : { file: resolve(file) },
      }).catch((error: unknown) => {
        throw error instanceof OperatorError ? error : new OperatorError(databaseFault(location, error));
      });
      await noteDown(config, made);
      print(`Backed up to ${made.file} (${megabytes(made.size)}, ${rowsIn(made.sums)} rows, read back).`);
    });
}

/** For the console. The backup is whole without it: so an older database, not brought up to date yet, is left as it is. */
async function noteDown(config: Config, { file, size, takenAt }: Made): Promise<void> {
  const database = openDatabase(databaseLocation(config));
  const id = systemIds(systemClock, '').next();
  await insertBackup(database.db, { id, at: takenAt, ended_at: systemClock.now(), file, size, fault: null })
    .catch(() => undefined)
    .finally(() => database.close());
}
