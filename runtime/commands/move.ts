import { Command } from 'commander';
import type { Config } from '../config.ts';
import { move, undoMove } from '../copies/move.ts';
import { databaseLocation } from '../data-folder.ts';
import { OperatorError } from '../operator-error.ts';
import { print, printTable, rowsIn } from './output.ts';
import { operatorConfig } from './with-core.ts';

const examples = `
Wici is stopped for it. The target is empty; every table is counted and compared there. This database stays as it is, but
is marked: Wici does not start on it again, since two on one network would send everything twice.

Examples:
  npx wici move --to postgres://wici:password@localhost:5432/wici
  npx wici move --to sqlite
  npx wici move --undo`;

export function moveCommand(): Command {
  return new Command('move')
    .description('move the network from SQLite to PostgreSQL, or back')
    .option('--to <database>', 'postgres://…, or sqlite for a file in the data folder')
    .option('--undo', 'take the mark away: this database is the one in use after all')
    .addHelpText('after', examples)
    .action(async ({ to, undo }: { to?: string; undo?: boolean }) => {
      const config = operatorConfig();
      if (undo) return stay(config);
      const target = targetOf(config, to);
      const sums = await move(config, target);
      printTable([
        ['table', 'rows', 'checksum'],
        ...Object.entries(sums).map(([table, { rows, digest }]) => [
          table,
          String(rows),
          digest.slice(0, 12),
        ]),
      ]);
      print(`Moved ${rowsIn(sums)} rows; each table is there as it was here.`);
      print('Now put into .env, and start:');
      print(
        target.startsWith('postgres') ? `  DATABASE_URL=${target}` : '  #DATABASE_URL=   (nothing: SQLite)',
      );
      print('The data folder stays in use: it keeps the secret.');
    });
}

async function stay(config: Config): Promise<void> {
  print((await undoMove(config)) ? 'This database is in use again.' : 'It never moved: nothing to undo.');
}

function targetOf(config: Config, to: string | undefined): string {
  if (to === 'sqlite') return databaseLocation({ ...config, databaseUrl: undefined });
  if (to && URL.canParse(to) && /^postgres(ql)?:$/.test(new URL(to).protocol)) return to;
  throw new OperatorError('--to: write postgres://user:password@localhost:5432/wici, or sqlite.', 2);
}
