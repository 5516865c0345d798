import { DomainError } from '../../domain-error.ts';
import { networkSettings } from '../../network/settings.ts';
import { allBranches } from '../../store/branches.ts';
import { allCompanies } from '../../store/companies.ts';
import { allMembers } from '../../store/members.ts';
import type { Db } from '../../store/schema.ts';
import { say, type Text } from '../../text.ts';
import { type Column, type Columns, readHeader } from './columns.ts';
import { decodeCsv } from './decode.ts';
import { CompanyPlanner, type CompanyWork } from './plan-companies.ts';
import { PeoplePlanner, type PersonWork } from './plan-people.ts';
import { type CsvRecord, readRecords } from './records.ts';

export type Verdict = 'add' | 'change' | 'same' | 'refuse';

export interface FieldChange {
  /** A key under locales …/import.json "field". */
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What one line of the file does to one company or person. A line can bring both. */
export interface ImportLine {
  /** 1-based number in the file. */
  readonly line: number;
  readonly verdict: Verdict;
  readonly kind: 'company' | 'person';
  readonly label: string;
  readonly changes: readonly FieldChange[];
  /** Why it is refused. */
  readonly problem?: Text;
}

export interface ImportPlan {
  readonly lines: readonly ImportLine[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Titles of columns that are not read. */
  readonly ignored: readonly string[];
}

/** The plan with what is to be written. */
export interface ImportWork {
  readonly plan: ImportPlan;
  readonly companies: readonly CompanyWork[];
  readonly people: readonly PersonWork[];
}

/** The cells of a line that are not empty. */
export type Cells = { readonly [C in Column]?: string };

/** A cell longer than any field is not a cell but a broken file. */
const maxCell = 4000;

/** What importing this file would do, line by line; nothing is written. Errors: import:errors.* about the file as a whole. */
export async function planImport(db: Db, bytes: Uint8Array): Promise<ImportPlan> {
  return (await workOut(db, bytes)).plan;
}

export async function workOut(db: Db, bytes: Uint8Array): Promise<ImportWork> {
  const [head, ...records] = readRecords(decodeCsv(bytes));
  if (!head?.cells) throw new DomainError('import:errors.headerQuotes');
  const header = readHeader(head.cells);
  const { languages } = await networkSettings(db);
  const companies = new CompanyPlanner(await allCompanies(db), await allBranches(db));
  const people = new PeoplePlanner(await allMembers(db), companies, languages[0] ?? 'pl');
  const lines = records.flatMap((record) => planRecord(record, header, companies, people));
  const counts = { add: 0, change: 0, same: 0, refuse: 0 };
  for (const { verdict } of lines) counts[verdict] += 1;
  const plan = { lines, counts, ignored: header.ignored };
  return { plan, companies: companies.work(), people: people.work() };
}

/** A line counts wholly or not at all: a refused person does not bring their company either. */
function planRecord(
  record: CsvRecord,
  header: Columns,
  companies: CompanyPlanner,
  people: PeoplePlanner,
): ImportLine[] {
  let label = record.cells?.find((cell) => cell !== '')?.slice(0, 80) ?? record.beginning;
  let kind: ImportLine['kind'] = 'company';
  try {
    const cells = readCells(record, header);
    if (hasPerson(cells)) kind = 'person';
    label = (kind === 'person' ? personName(cells) : cells.company)?.slice(0, 80) || label;
    const company =
      cells.company === undefined ? null : companies.consider(record.line, cells, kind === 'company');
    if (!company && kind === 'company') throw new DomainError('import:problem.nothing');
    const person = kind === 'person' ? people.consider(record.line, cells, personName(cells), company) : null;
    const lines: ImportLine[] = [];
    if (company && (!person || company.line.verdict !== 'same')) lines.push(company.line);
    if (person) lines.push(person.line);
    company?.keep();
    person?.keep();
    return lines;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problem = say(error.key, error.params);
    return [{ line: record.line, verdict: 'refuse', kind, label, changes: [], problem }];
  }
}

function readCells({ cells }: CsvRecord, { columns, titles }: Columns): Cells {
  if (cells === null) throw new DomainError('import:problem.quotes');
  const found = cells.findLastIndex((cell, i) => i < columns.length || cell !== '') + 1;
  if (found !== columns.length) {
    throw new DomainError('import:problem.columns', { found, expected: columns.length });
  }
  const read: { [C in Column]?: string } = {};
  for (const [i, column] of columns.entries()) {
    const cell = cells[i] ?? '';
    if (cell.length > maxCell) {
      throw new DomainError('import:problem.cellTooLong', { column: titles[i] ?? '', max: maxCell });
    }
    if (column !== null && cell !== '') read[column] = cell;
  }
  return read;
}

const personColumns = ['person', 'firstName', 'lastName', 'email', 'role', 'language', 'personTags'] as const;
const hasPerson = (cells: Cells) => personColumns.some((column) => cells[column] !== undefined);

function personName({ person, firstName, lastName }: Cells): string {
  return person ?? [firstName, lastName].filter(Boolean).join(' ');
}
