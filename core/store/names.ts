import { type SqlBool, sql } from 'kysely';
import { fold, nameKey } from '../fold.ts';
import type { Row } from './schema.ts';

/** Longer ones are found by their beginning: an index entry has an end. */
const longestSearch = 400;

/** What a person is sorted and found by. */
export function memberNaming({ name, email, tags }: Pick<Row<'member'>, 'name' | 'email' | 'tags'>) {
  return { name_key: nameKey(name), search: fold([name, email, tags].join(' ')).slice(0, longestSearch) };
}

/** What a company is sorted and found by. */
export function companyNaming(
  c: Pick<Row<'company'>, 'name' | 'unit' | 'tags'> & Partial<Pick<Row<'company'>, 'offer_pl' | 'offer_en'>>,
) {
  return {
    name_key: nameKey(c.name),
    search: fold([c.name, c.unit, c.tags, c.offer_pl, c.offer_en].join(' ')),
  };
}

/** A place in a list of names. */
export interface NamePlace {
  readonly key: string;
  readonly id: string;
}

/** Behind that place; begun with the key alone so that the index on names serves it. */
export function behind({ key, id }: NamePlace) {
  return sql<SqlBool>`name_key >= ${key} and (name_key > ${key} or id > ${id})`;
}

/** True where a folded column has `word` (folded too) in it. */
export function contains(column: 'search' | 'name_folded', word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
}
