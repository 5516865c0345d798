/** The middle one; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  return (percentile(values, 0.5) + percentile(values, 0.5, 'upper')) / 2;
}

/** The smallest value at or below which a share `part` of all lies. */
export function percentile(
  values: readonly number[],
  part: number,
  side: 'lower' | 'upper' = 'lower',
): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * sorted.length;
  const index = side === 'lower' ? Math.ceil(place) - 1 : Math.floor(place);
  return sorted[Math.min(Math.max(index, 0), sorted.length - 1)] ?? Number.NaN;
}

/** What one part of the bench found. */
export interface Findings {
  readonly title: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** One line each: how it was measured. */
  readonly notes: readonly string[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly goal: string;
  readonly found: string;
  readonly held: boolean;
}

/** 1234.5 → "1,235"; small ones keep two figures. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const times = (value: number): string => `${figure(value)} ×`;
export const percent = (part: number): string => `${figure(part * 100)} %`;

export function markdown({ title, tables, goals, notes }: Findings): string {
  const parts = [`## ${title}`, ...tables.map(table)];
  if (goals.length > 0) {
    const rows = goals.map(({ goal, found, held }) => [goal, found, held ? 'yes' : 'no']);
    parts.push(table({ head: ['goal', 'found', 'held'], rows }));
  }
  if (notes.length > 0) parts.push(notes.map((note) => `- ${note}`).join('\n'));
  return parts.join('\n\n');
}

function table({ head, rows }: Table): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
