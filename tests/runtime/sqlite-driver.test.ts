import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const driver = JSON.stringify(new URL('../../dist/runtime/sqlite-driver.js', import.meta.url).href);

/** Statements come and go between turns of the event loop, where what was dropped is collected without a running script. */
const forgetful = `
  const { sqliteDriver } = await import(${driver});
  const sqlite = new (sqliteDriver())(':memory:');
  for (let turn = 0; turn < 50; turn++) {
    for (let n = 0; n < 500; n++) sqlite.prepare('select ' + n).get();
    Array.from({ length: 100_000 }, () => ({}));
    await new Promise(setImmediate);
  }
  sqlite.close();
`;

it('the SQLite driver outlives the statements it collects, whatever Node it runs on', async () => {
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', forgetful]);
  await expect(child).resolves.toMatchObject({ stderr: '' });
});
