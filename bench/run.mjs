// `npm run bench [-- parts] [--quick] [--profile]`: installs the peers, then measures (see main.ts).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const folder = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(folder, 'node_modules'))) {
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
const { module } = await runnerImport(join(folder, 'main.ts'), { configFile: false, logLevel: 'error' });
const done = await module.main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
process.exit(done ? 0 : 2);
