import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../runtime/paths.ts';
import { broadcast } from './broadcast.ts';
import { type Findings, markdown } from './figures.ts';
import { inbound } from './inbound.ts';
import { limits } from './limits.ts';
import { describeMachine } from './machine.ts';
import { processes } from './processes.ts';
import { replies } from './replies.ts';
import { rest } from './rest.ts';
import { scale } from './scale.ts';

export interface BenchOptions {
  /** A tenth of everything: to see that it works, not to quote. */
  readonly quick: boolean;
  /** Writes a CPU profile of Wici into this folder. */
  readonly profile: string | undefined;
  readonly say: (line: string) => void;
}

type Part = (options: BenchOptions) => Promise<Findings>;

const parts: Readonly<Record<string, Part>> = { broadcast, limits, replies, inbound, scale, rest, processes };

const usage = `npm run bench -- [--quick] [--profile <folder>] [${Object.keys(parts).join('] [')}]`;

/** Throws a line for whoever typed something else. */
function read(given: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown) throw new Error(`There is no part "${unknown}".`);
  const { quick, profile } = values;
  return { quick, profile, names: positionals.length > 0 ? positionals : Object.keys(parts) };
}

/** Runs the parts named, or all; prints what each finds and puts it in the place of what bench/results.md had of it. False when asked for what there is not. */
export async function main(given: readonly string[], print: (line: string) => void): Promise<boolean> {
  let asked: ReturnType<typeof read>;
  try {
    asked = read(given);
  } catch (error) {
    print(`${error instanceof Error ? error.message : error}\n${usage}`);
    return false;
  }
  const { names, ...options } = asked;
  const machine = describeMachine();
  print(machine);
  for (const name of names) {
    const part = parts[name];
    if (!part) continue;
    const say = (line: string) => print(`  ${line}`);
    print(`\n${name} …`);
    const section = markdown(await part({ ...options, say }));
    print(`\n${section}`);
    if (!options.quick) keep(`${section}\n\n${machine}`);
  }
  return true;
}

const results = join(projectRoot, 'bench', 'results.md');
const heading = [
  '# What `npm run bench` found',
  'Medians of interleaved rounds; see docs/performance.md for what they mean.',
].join('\n\n');

/** Each part stands under its own numbered title, with the machine it was measured on. */
function keep(section: string): void {
  const before = existsSync(results)
    ? readFileSync(results, 'utf8')
        .split(/\n(?=## )/)
        .slice(1)
    : [];
  const title = (text: string) => text.split('\n', 1)[0] ?? '';
  const others = before.filter((other) => title(other) !== title(section)).map((text) => text.trim());
  const sections = [...others, section].toSorted((a, b) => (title(a) < title(b) ? -1 : 1));
  writeFileSync(results, `${[heading, ...sections].join('\n\n')}\n`);
}
