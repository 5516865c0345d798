import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../runtime/paths.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const rooms = ['bots', 'core', 'jobs', 'console', 'runtime', 'migrations'];
const cruiser = join(projectRoot, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly rule: { readonly name: string }; from: string; to: string }[];
  };
}

/** Runs the import rules over the rooms of a folder. */
async function cruise(folder: string): Promise<Cruise['summary']> {
  const config = join(projectRoot, '.dependency-cruiser.cjs');
  const args = [cruiser, '--config', config, '--output-type', 'json', ...rooms];
  const options = { cwd: folder, maxBuffer: 1e9 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    (error: { stdout: string }) => error,
  );
  return (JSON.parse(stdout) as Cruise).summary;
}

describe('Who may import whom', () => {
  it('is obeyed by every file of every room', async () => {
    const { totalCruised, violations } = await cruise(projectRoot);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(250);
  }, 60_000);

  it('is noticed when it is not obeyed', async () => {
    const { folder, remove } = makeTempFolder();
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    for (const file of ['tsconfig.json', 'package.json']) {
      symlinkSync(join(projectRoot, file), join(folder, file));
    }
    for (const [file, imported] of wrongs)
      write(folder, file, `import * as it from '${imported}';\nexport const own = it;\n`);
    write(folder, 'tests/q.ts', 'export const own = 1;\n');
    const { violations } = await cruise(folder);
    remove();
    const found = violations.map(({ rule, from }) => `${from} ${rule.name}`);
    for (const [file, , rule] of wrongs) expect(found).toContain(`${file} ${rule}`);
  }, 60_000);
});

it('Accounts are changed in one place, which keeps with their members how these are written to', () => {
  const writing = /(insertInto|updateTable|deleteFrom)\('account'\)/;
  const sources = readdirSync(join(projectRoot, 'core', 'store'), { recursive: true, encoding: 'utf8' });
  const writers = sources
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => writing.test(readFileSync(join(projectRoot, 'core', 'store', file), 'utf8')));
  expect(writers).toEqual(['accounts.ts']);
});

/** File, what it imports, the rule that forbids it. */
const wrongs = [
  ['core/a.ts', '../jobs/queues.ts', 'core-knows-nobody'],
  ['core/b.ts', 'bullmq', 'core-has-no-edges'],
  ['core/c.ts', 'pino', 'core-has-no-edges'],
  ['core/d.ts', 'node:http', 'core-does-no-network'],
  ['core/members/e.ts', 'kysely', 'kysely-stays-with-the-store'],
  ['core/store/f.ts', 'better-sqlite3', 'drivers-stay-in-the-runtime'],
  ['console/g.ts', 'kysely', 'kysely-stays-with-the-store'],
  ['console/h.ts', '../jobs/queues.ts', 'console-calls-the-core'],
  ['console/i.ts', '../runtime/database.ts', 'console-calls-the-core'],
  ['runtime/j.ts', 'bullmq', 'bullmq-stays-in-jobs'],
  ['runtime/k.ts', 'telegraf', 'sdk-stays-in-its-bot'],
  ['runtime/l.ts', '../console/h.ts', 'only-the-entry-joins'],
  ['bots/telegram/m.ts', '../webchat/n.ts', 'a-bot-knows-no-other'],
  ['bots/telegram/o.ts', '../../core/store/f.ts', 'a-bot-holds-no-domain'],
  ['jobs/queues.ts', '../bots/webchat/n.ts', 'jobs-call-the-core'],
  ['migrations/p.ts', '../core/a.ts', 'migrations-stand-alone'],
  ['bots/webchat/n.ts', '../../tests/q.ts', 'nothing-shipped-needs-tests'],
  ['runtime/database.ts', 'vitest', 'no-dev-dependency-shipped'],
] as const;

function write(folder: string, file: string, source: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), source);
}
