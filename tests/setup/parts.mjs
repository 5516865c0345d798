import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folder of PostgreSQL's own programs (initdb, pg_ctl), or null: Debian keeps them off PATH. */
export function postgresFolder() {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = [...newestFirst.map((v) => `/usr/lib/postgresql/${v}/bin`), ...pathFolders()];
  return (
    folders.find((folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'pg_ctl'))) ?? null
  );
}

/** Whether one of these programs is on PATH. */
export function onPath(...names) {
  return names.some((name) => pathFolders().some((folder) => isProgram(join(folder, name))));
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the suites need beyond npm, each with its Debian package. */
export const parts = [
  {
    name: 'redis-server',
    packages: ['redis-server'],
    brew: 'redis',
    there: () => onPath('redis-server', 'valkey-server'),
  },
  {
    name: 'Chromium',
    packages: ['chromium'],
    brew: '--cask chromium',
    there: () => onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'),
  },
  {
    name: 'PostgreSQL',
    packages: ['postgresql'],
    brew: 'postgresql',
    there: () => postgresFolder() !== null,
  },
  {
    name: 'a font',
    packages: ['fonts-dejavu-core'],
    brew: '--cask font-dejavu',
    there: () =>
      process.platform !== 'linux' || hasFont('/usr/share/fonts') || hasFont('/usr/local/share/fonts'),
  },
];

function hasFont(folder) {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((f) => /\.(ttf|otf|ttc)$/i.test(String(f)))
  );
}
