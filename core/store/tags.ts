import { polishOrder } from '../fold.ts';
import type { Db } from './schema.ts';

/** Every tag in use on a company or a person, by the Polish alphabet. */
export async function listTags(db: Db): Promise<string[]> {
  const [companies, members] = await Promise.all([
    db.selectFrom('company').select('tags').distinct().execute(),
    db.selectFrom('member').select('tags').distinct().where('status', '!=', 'erased').execute(),
  ]);
  const tags = [...companies, ...members].flatMap((row) => JSON.parse(row.tags) as string[]);
  return [...new Set(tags)].sort(polishOrder.compare);
}
