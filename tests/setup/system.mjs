// Before the tests: what they need of the system. On Debian as root it is installed; elsewhere what is missing is named
// with its install line, and the suites that need it are left out, except under CI=true, where a missing part fails.
import { spawnSync } from 'node:child_process';
import { parts } from './parts.mjs';

const missing = () => parts.filter((part) => !part.there());
const isRoot = process.getuid?.() === 0;
const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

if (missing().length > 0 && isRoot && hasApt) install(missing().flatMap((part) => part.packages));

for (const part of missing())
  say(`The tests that need ${part.name} are left out. To run them: ${installLine(part)}`);
if (missing().length > 0 && process.env.CI === 'true') {
  say('CI=true: a missing part fails.');
  process.exit(1);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function install(packages) {
  say(`Installing for the tests: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Services of the packages are not wanted: the tests run servers of their own.
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

function installLine({ packages, brew }) {
  if (process.platform === 'darwin') return `brew install ${brew}`;
  if (hasApt) return `sudo apt-get install ${packages.join(' ')}`;
  return `install ${packages.join(' ')} with the system's package manager`;
}
