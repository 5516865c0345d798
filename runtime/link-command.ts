import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from './paths.ts';

// After the build: `npx wici` in the project's folder runs the built program at once. A "bin" of package.json would make
// npx install the project into its cache first and build it once more there.
const program = join(projectRoot, 'dist', 'runtime', 'wici.js');
const folder = join(projectRoot, 'node_modules', '.bin');
chmodSync(program, 0o755);
mkdirSync(folder, { recursive: true });
rmSync(join(folder, 'wici'), { force: true });
symlinkSync(relative(folder, program), join(folder, 'wici'));
