import { DomainError } from '../../core/domain-error.ts';
import { resolve } from '../../core/text.ts';
import type { Core } from '../../core/unit.ts';
import { describeFault } from '../logger.ts';
import { OperatorError } from '../operator-error.ts';

/** A plain line for the person at the terminal. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says what went wrong in a line and sets the exit code: no stack trace for what an operator can mend. */
export function fail(error: unknown): void {
  if (error instanceof OperatorError) {
    process.exitCode = error.exitCode;
    printError(error.message);
    return;
  }
  process.exitCode = 1;
  const { type, reason, message, stack } = describeFault(error);
  printError(`Wici stopped on a fault of its own: ${[type, reason, message].filter(Boolean).join(' ')}`);
  if (stack) printError(stack);
}

/** Turns what the core refuses into the operator's line. */
export async function inWords<T>(core: Core, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { key, params } = error;
    throw new OperatorError(resolve(core.texts, 'en', { key, params }));
  }
}

/** Columns padded to the widest cell. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)),
    [],
  );
  for (const row of rows)
    print(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** 2026-11-23 14:05, in the machine's own zone. */
export function moment(ms: number): string {
  const iso = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
  return iso.slice(0, 16).replace('T', ' ');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Of all tables together. */
export function rowsIn(sums: Readonly<Record<string, { readonly rows: number }>>): number {
  return Object.values(sums).reduce((all, { rows }) => all + rows, 0);
}
