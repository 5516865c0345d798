// The stand-ins for Slack and Discord of the tests, with their limits on, in a process of their own.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const file = fileURLToPath(new URL('./others.ts', import.meta.url));
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
process.on('disconnect', () => process.exit());
process.send({ ready: await module.start(JSON.parse(process.argv[2])) });
