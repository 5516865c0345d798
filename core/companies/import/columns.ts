import { DomainError } from '../../domain-error.ts';
import { fold } from '../../fold.ts';

/** What a column of the file holds, with the header names it goes by, folded and without punctuation. */
const names = {
  company: ['firma', 'nazwa firmy', 'nazwa', 'company', 'company name', 'przedsiebiorstwo'],
  branch: ['branza', 'branch', 'industry', 'sector'],
  offerPl: ['oferta', 'oferta pl', 'oferta po polsku', 'opis', 'opis pl', 'offer pl', 'offer in polish'],
  offerEn: ['offer', 'oferta en', 'oferta po angielsku', 'opis en', 'offer en', 'offer in english'],
  website: ['www', 'strona', 'strona www', 'strona internetowa', 'website', 'web site', 'web page', 'url'],
  unit: ['budynek', 'lokal', 'budynek lokal', 'budynek lub lokal', 'building', 'unit', 'building unit'],
  tags: ['tagi', 'tags', 'tagi firmy', 'company tags'],
  person: ['osoba', 'imie i nazwisko', 'nazwisko i imie', 'person', 'person name', 'full name', 'member'],
  firstName: ['imie', 'first name', 'given name'],
  lastName: ['nazwisko', 'last name', 'surname', 'family name'],
  email: ['e mail', 'email', 'mail', 'adres e mail', 'adres email', 'e mail address', 'email address'],
  role: ['rola', 'role'],
  language: ['jezyk', 'language', 'lang'],
  personTags: ['tagi osoby', 'person tags', 'member tags'],
} as const;

export type Column = keyof typeof names;

export interface Columns {
  /** By position in the file; null = a column we do not read. */
  readonly columns: readonly (Column | null)[];
  /** As written in the file. */
  readonly titles: readonly string[];
  /** Titles of the columns we do not read. */
  readonly ignored: string[];
}

/** Reads the header. Errors: import:errors.noHeader, import:errors.headerTwice. */
export function readHeader(cells: readonly string[]): Columns {
  const titles = cells.map((cell) => cell.trim());
  const simple = titles.map(simplify);
  const companyNamed = simple.some((s) => s !== 'nazwa' && (names.company as readonly string[]).includes(s));
  const columns = simple.map((title) => columnOf(title, companyNamed));
  if (!columns.includes('company') && !columns.includes('person') && !columns.includes('lastName')) {
    throw new DomainError('import:errors.noHeader');
  }
  const twice = columns.findIndex((column, i) => column !== null && columns.indexOf(column) < i);
  if (twice >= 0) throw new DomainError('import:errors.headerTwice', { column: titles[twice] ?? '' });
  return { columns, titles, ignored: titles.filter((title, i) => columns[i] === null && title !== '') };
}

/** "name" is the person's where another column names the company, else the company's. */
function columnOf(title: string, companyNamed: boolean): Column | null {
  if (title === 'name') return companyNamed ? 'person' : 'company';
  const found = Object.entries(names).find(([, aliases]) => (aliases as readonly string[]).includes(title));
  return found ? (found[0] as Column) : null;
}

function simplify(title: string): string {
  return fold(title)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
