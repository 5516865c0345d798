import { Command } from 'commander';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { print } from './output.ts';

const signs: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', note: 'note', bad: 'BAD ' };

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check configuration, database, queue, messengers, disk and clock, and say what to do')
    .addHelpText('after', '\nEnds with 1 when something has to be mended.\n\nExample:\n  npx wici doctor')
    .action(async () => {
      const findings = await examine();
      for (const { state, what, line } of findings) print(`${signs[state]}  ${what}: ${line}`);
      const bad = findings.filter((f) => f.state === 'bad').length;
      print(bad === 0 ? 'Everything needed works.' : `To be mended: ${bad}.`);
      if (bad > 0) process.exitCode = 1;
    });
}
