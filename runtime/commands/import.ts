import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { applyImport } from '../../core/companies/import/apply.ts';
import { type ImportLine, type ImportPlan, planImport } from '../../core/companies/import/plan.ts';
import { resolve, type Texts } from '../../core/text.ts';
import { OperatorError } from '../operator-error.ts';
import { print } from './output.ts';
import { withCore } from './with-core.ts';

const examples = `
The first line names the columns, in Polish or English. UTF-8 or Windows-1250, ";" or ",".
A wrong line is refused with its reason and spoils no other line.

Examples:
  npx wici import companies.csv --preview
  npx wici import companies.csv`;

export function importCommand(): Command {
  return new Command('import')
    .description('add and change companies and people from a CSV file')
    .argument('<file>', 'the CSV file')
    .option('--preview', 'only show what would be added, changed and refused')
    .addHelpText('after', examples)
    .action(async (file: string, { preview }: { preview?: boolean }) => {
      const bytes = read(file);
      await withCore(async ({ core }) => {
        const plan = preview
          ? await planImport(core.db, bytes)
          : await core.transaction((unit) => applyImport(unit, bytes));
        show(plan, core.texts, preview ? 'To be added' : 'Added');
        if (preview) print('Nothing was changed: run it again without --preview.');
        if (plan.counts.refuse > 0) process.exitCode = 1;
      });
    });
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new OperatorError(`${file} cannot be read: check its name and that this user may read it.`);
  }
}

function show({ lines, counts, ignored }: ImportPlan, texts: Texts, added: string): void {
  for (const line of lines) if (line.verdict !== 'same') print(describe(line, texts));
  if (ignored.length > 0) print(`Columns not read: ${ignored.join(', ')}.`);
  const { add, change, same, refuse } = counts;
  print(`${added} ${add}, changed ${change}, unchanged ${same}, refused ${refuse}.`);
}

function describe({ line, verdict, kind, label, changes, problem }: ImportLine, texts: Texts): string {
  const details = changes.map(({ field, from, to }) => `${field}: ${from ?? '(empty)'} → ${to ?? '(empty)'}`);
  if (problem) details.push(resolve(texts, 'en', problem));
  const tail = verdict === 'add' || details.length === 0 ? '' : `: ${details.join('; ')}`;
  return `line ${line}: ${verdict} ${kind} ${label}${tail}`;
}
