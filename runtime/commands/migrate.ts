import { Command } from 'commander';
import { print } from './output.ts';
import { withCore } from './with-core.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database up to date (start does it too)')
    .addHelpText('after', '\nExample:\n  npx wici migrate')
    .action(async () => {
      await withCore(async ({ migrated }) => {
        for (const name of migrated) print(`Applied ${name}.`);
        print('The database is up to date.');
      });
    });
}
