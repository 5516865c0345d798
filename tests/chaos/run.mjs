// Runs run.ts on every Node that Wici supports: `npm run chaos -- --rounds=25 --seed=1`.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const file = fileURLToPath(new URL('./run.ts', import.meta.url));
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
process.exit(await module.main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`)));
