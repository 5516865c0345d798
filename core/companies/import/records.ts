import { parse } from 'csv-parse/sync';
import { DomainError } from '../../domain-error.ts';

/** One record of the file. `line` is the number of its first line, 1-based; `cells` null = its quotes are broken. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: string[] | null;
  /** How its first line begins, to tell it by when it cannot be read. */
  readonly beginning: string;
}

export const maxLines = 20_000;
/** How far a quoted cell may run over line ends. */
const maxRecordLines = 100;
const maxRecordLength = 50_000;

/**
 * Splits a CSV text into records, blank ones left out. Each line is read on its own, joined with the following ones only
 * when a quoted cell really continues there: a quote left open spoils its own line and no other.
 */
export function readRecords(text: string): CsvRecord[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > maxLines) throw new DomainError('import:errors.tooManyLines', { max: maxLines });
  const separator = /^sep=(.)$/i.exec(lines[0] ?? '')?.[1];
  const first = lines.findIndex((line, i) => !(separator && i === 0) && line.trim() !== '');
  const delimiter = separator ?? guessDelimiter(lines[first] ?? '');
  const records: CsvRecord[] = [];
  for (let at = Math.max(first, 0); at < lines.length; ) {
    const { cells, taken } = readRecord(lines, at, delimiter);
    if (cells?.some((cell) => cell !== '') ?? true) {
      records.push({ line: at + 1, cells, beginning: (lines[at] ?? '').slice(0, 80) });
    }
    at += taken;
  }
  return records;
}

/** The separator the header uses most; quoted cells aside. */
function guessDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (sign: string) => bare.split(sign).length;
  return [';', ',', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function readRecord(
  lines: readonly string[],
  at: number,
  delimiter: string,
): { cells: string[] | null; taken: number } {
  const line = lines[at] ?? '';
  const strict = parseOne(line, delimiter, false);
  if (Array.isArray(strict)) return { cells: strict, taken: 1 };
  if (strict === 'open') {
    const continued = readContinued(lines, at, delimiter);
    if (continued) return continued;
  }
  const relaxed = parseOne(line, delimiter, true);
  return { cells: Array.isArray(relaxed) ? relaxed : null, taken: 1 };
}

function readContinued(lines: readonly string[], at: number, delimiter: string) {
  let record = lines[at] ?? '';
  for (let taken = 2; taken <= maxRecordLines; taken++) {
    const next = lines[at + taken - 1];
    if (next === undefined || record.length + next.length > maxRecordLength) return null;
    record += `\n${next}`;
    if (!next.includes('"')) continue;
    const cells = parseOne(record, delimiter, false);
    if (Array.isArray(cells)) return { cells, taken };
    if (cells === 'broken') return null;
  }
  return null;
}

/** The cells of one record; 'open' when a quoted cell does not end, 'broken' when quotes stand where they may not. */
function parseOne(record: string, delimiter: string, relaxed: boolean): string[] | 'open' | 'broken' {
  try {
    const options = { delimiter, record_delimiter: '\n', trim: true, relax_quotes: relaxed };
    const records: string[][] = parse(record, options);
    return records[0] ?? [];
  } catch (error) {
    return (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : 'broken';
  }
}
