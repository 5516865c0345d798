// A PostgreSQL server of the tests' own, in a temporary folder, gone with them.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { postgresFolder } from './parts.mjs';

/** @param {import('vitest/node').TestProject} project */
export default async function setup(project) {
  const { url, stop } = await startPostgres();
  project.provide('postgres', url);
  return stop;
}

/** @param {Readonly<Record<string, string>>} [more] settings that differ from what suits tests */
export async function startPostgres(more = {}) {
  const programs = postgresFolder();
  if (!programs) throw new Error('PostgreSQL is not installed: run "npm test", which says how to get it');
  const folder = mkdtempSync(join(tmpdir(), 'wici-postgres-'));
  const run = runner(folder);
  const data = join(folder, 'data');
  const port = await freePort();
  run(
    join(programs, 'initdb'),
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'wici',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
  );
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 200,
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    autovacuum: 'off',
    ...more,
  };
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  run(join(programs, 'pg_ctl'), '-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', options, 'start');
  return {
    url: `postgres://wici@127.0.0.1:${port}/postgres`,
    restart: () => run(join(programs, 'pg_ctl'), '-D', data, '-m', 'fast', '-w', '-s', 'restart'),
    stop: () => {
      run(join(programs, 'pg_ctl'), '-D', data, '-m', 'immediate', '-s', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it runs as the user its package made. */
function runner(folder) {
  const asRoot = userInfo().uid === 0;
  if (asRoot) {
    const uid = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout);
    chownSync(folder, uid, -1);
  }
  return (program, ...args) => {
    const [command, all] = asRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args];
    const { status, stderr } = spawnSync(command, all, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
