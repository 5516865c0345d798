import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The unprivileged user of most systems: an administrator may write whatever a file's rights say. */
const nobody = 65_534;

/** The file and what SQLite lays beside it may only be read, and whoever runs this obeys that. */
function seal(folder: string, on: boolean): void {
  if (!on) process.seteuid?.(process.getuid?.() ?? 0);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), on ? 0o444 : 0o600);
  chmodSync(folder, on ? 0o555 : 0o700);
  if (on && process.getuid?.() === 0) process.seteuid?.(nobody);
}

it('a database file that may not be written is refused when it is opened', async () => {
  const folder = tempFolder();
  const file = join(folder, 'wici.db');
  await openDatabase(file).close();
  seal(folder, true);
  try {
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }));
  } finally {
    seal(folder, false);
  }
  await openDatabase(file).close();
});
