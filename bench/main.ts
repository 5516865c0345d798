import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../runtime/paths.ts';
import { broadcast } from './broadcast.ts';
import { type Findings, markdown } from './figures.ts';
import { inbound } from './inbound.ts';
import { limits } from './limits.ts';
import { describeMachine } from './machine.ts';
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

const parts: Readonly<Record<string, Part>> = { broadcast, limits, replies, inbound, scale, rest };

/** Runs the parts named, or all; prints what they find and writes all of it to bench/results.md. */
export async function main(given: readonly string[], print: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const unknown = names.find((name) => !(name in parts));
  if (unknown) throw new Error(`no part "${unknown}": ${Object.keys(parts).join(', ')}`);
  const machine = describeMachine();
  print(machine);
  const found: string[] = [];
  for (const name of names) {
    const part = parts[name];
    if (!part) continue;
    const say = (line: string) => print(`  ${line}`);
    print(`\n${name} …`);
    const text = markdown(await part({ quick: values.quick, profile: values.profile, say }));
    print(`\n${text}`);
    found.push(text);
  }
  if (values.quick || positionals.length > 0) return;
  const heading =
    '# What `npm run bench` found\n\nMedians of interleaved rounds; see docs/performance.md for what they mean.';
  writeFileSync(join(projectRoot, 'bench', 'results.md'), `${[heading, machine, ...found].join('\n\n')}\n`);
}
