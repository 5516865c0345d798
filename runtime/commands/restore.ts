import { resolve } from 'node:path';
import { Command } from 'commander';
import { examineBackup, restore } from '../copies/restore.ts';
import { databaseLocation } from '../data-folder.ts';
import { databaseFault } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import { moment, print, printTable, rowsIn } from './output.ts';
import { operatorConfig } from './with-core.ts';

const examples = `
Goes only into an empty data folder (WICI_DATA), or an empty PostgreSQL database (DATABASE_URL). What waited to be sent at
the moment of the backup is kept back until staff decide on the console: it may have been sent since.

Examples:
  npx wici restore backups/wici-4f2a1c-2026-11-23-033000.jsonl.gz
  npx wici restore wici.jsonl.gz --check`;

export function restoreCommand(): Command {
  return new Command('restore')
    .description('put a backup into an empty data folder or database')
    .argument('<file>', 'the backup')
    .option('--check', 'only read it through and say what it holds')
    .addHelpText('after', examples)
    .action(async (given: string, { check }: { check?: boolean }) => {
      const file = resolve(given);
      if (check) return tell(await examineBackup(file));
      const config = operatorConfig();
      const restored = await restore(config, file).catch((error: unknown) => {
        if (error instanceof OperatorError) throw error;
        throw new OperatorError(databaseFault(databaseLocation(config), error));
      });
      print(
        `Restored ${rowsIn(restored.sums)} rows as of ${moment(restored.header.takenAt)}; each table compared.`,
      );
      if (restored.otherSecret) {
        print(
          'WICI_SECRET is not the one of the backup: people must open their web chats by new invitations.',
        );
      }
      print('What waited to be sent then is kept back until staff decide on the console.');
      print('Who left, was erased or lost a right since then has it back: look into it before sending.');
      print('Start it with: npm start');
    });
}

function tell({ header, sums }: Awaited<ReturnType<typeof examineBackup>>): void {
  print(`A whole backup as of ${moment(header.takenAt)}, by Wici ${header.version} (${header.migration}):`);
  printTable([
    ['table', 'rows', 'checksum'],
    ...Object.entries(sums).map(([table, { rows, digest }]) => [table, String(rows), digest.slice(0, 12)]),
  ]);
}
