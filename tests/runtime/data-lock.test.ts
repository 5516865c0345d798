import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lockDataFolder, runningOn } from '../../runtime/data-lock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const holder = `
  import { sqliteDriver } from ${JSON.stringify(new URL('../../dist/runtime/sqlite-driver.js', import.meta.url).href)};
  globalThis.lock = new (sqliteDriver())(process.argv[1] + '/lock.db');
  globalThis.lock.exec('begin exclusive');
  process.stdout.write('held');
  setInterval(() => undefined, 1000);
`;

describe('The data folder', () => {
  it('belongs to one process: a second one is told which and where it answers', () => {
    const folder = tempFolder();
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(/already running and still starting/);
    lock.announce('http://localhost:8080');
    expect(() => lockDataFolder(folder)).toThrow(
      `Wici is already running at http://localhost:8080 (process ${process.pid}, data in ${folder}).`,
    );
    expect(runningOn(folder)).toEqual({ pid: process.pid, url: 'http://localhost:8080' });
    lock.release();
    expect(runningOn(folder)).toBeNull();
    lockDataFolder(folder).release();
  });

  it('is free again when its process was killed, whatever it left behind', async () => {
    const folder = tempFolder();
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(() => lockDataFolder(folder)).toThrow(/already running/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockDataFolder(folder).release();
  });
});
