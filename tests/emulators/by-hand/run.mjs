// Runs main.ts on every Node that Wici supports: `node tests/emulators/by-hand/run.mjs slack [port]`.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const file = fileURLToPath(new URL('./main.ts', import.meta.url));
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
await module.main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
process.exit(0);
