#!/usr/bin/env node
import { Command } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { inviteCommand } from './commands/invite.ts';
import { migrateCommand } from './commands/migrate.ts';
import { moveCommand } from './commands/move.ts';
import { fail } from './commands/output.ts';
import { restoreCommand } from './commands/restore.ts';
import { signInCommand } from './commands/sign-in.ts';
import { startCommand } from './commands/start.ts';
import { tokenCommand } from './commands/token.ts';
import { description, version } from './version.ts';

// What Wici writes is its own user's alone, whatever folder it is given.
process.umask(0o077);

const program = new Command('wici')
  .description(description)
  .version(version)
  .addHelpText('after', '\nSettings: .env.example has a line for each. First of all: npm start')
  .showHelpAfterError('(--help shows what there is)');

for (const command of [
  startCommand(),
  signInCommand(),
  importCommand(),
  inviteCommand(),
  tokenCommand(),
  backupCommand(),
  restoreCommand(),
  moveCommand(),
  doctorCommand(),
  migrateCommand(),
]) {
  program.addCommand(command);
}

// Whoever reads our lines may have heard enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

await program.parseAsync().catch(fail);
