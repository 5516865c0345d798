import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../runtime/database.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Not even the administrator may write it then, where the file system knows such files; whether it worked. */
function seal(file: string, on: boolean): boolean {
  if (process.getuid?.() === 0) return spawnSync('chattr', [on ? '+i' : '-i', file]).status === 0;
  // What SQLite lays beside the file gets the file's rights.
  const beside = [file, `${file}-wal`, `${file}-shm`].filter((each) => existsSync(each));
  for (const each of beside) chmodSync(each, on ? 0o400 : 0o600);
  return true;
}

it('a database file that may not be written is refused when it is opened', async (test) => {
  const file = join(tempFolder(), 'wici.db');
  await openDatabase(file).close();
  if (!seal(file, true)) return test.skip();
  try {
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }));
  } finally {
    seal(file, false);
  }
  await openDatabase(file).close();
});
