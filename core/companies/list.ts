import { fold, polishOrder } from '../fold.ts';
import { type Page, type PageRequest, pageOfSorted } from '../page.ts';
import { allBranches } from '../store/branches.ts';
import { allCompanies, type Company } from '../store/companies.ts';
import type { Db } from '../store/schema.ts';
import { type CompanyView, companyViews } from './company.ts';

export interface CompanyListRequest extends PageRequest {
  /** Words that all must occur in the name, unit, tags, offer or branch; diacritics optional. */
  readonly search?: string;
  /** A branch's id. */
  readonly branch?: string;
}

/** Companies by the Polish alphabet. */
export async function listCompanies(db: Db, request: CompanyListRequest = {}): Promise<Page<CompanyView>> {
  const words = fold(request.search ?? '')
    .split(' ')
    .filter(Boolean);
  const branches = new Map((await allBranches(db)).map((b) => [b.id, `${b.name_pl} ${b.name_en}`]));
  const found = (await allCompanies(db, request.branch)).filter((c) => {
    const text = words.length > 0 ? searchable(c, branches.get(c.branch_id ?? '') ?? '') : '';
    return words.every((word) => text.includes(word));
  });
  const { items, next } = pageOfSorted(found.sort(byName), request, placeOf, comparePlaces);
  return { items: await companyViews(db, items), next };
}

function searchable(c: Company, branch: string): string {
  return fold([c.name, c.unit, c.tags, c.offer_pl, c.offer_en, branch].join(' '));
}

const placeOf = (item: { name: string; id: string }) => [item.name, item.id];

/** Places are [name, id]. */
export function comparePlaces(a: readonly string[], b: readonly string[]): number {
  const order = polishOrder.compare(a[0] ?? '', b[0] ?? '');
  if (order !== 0) return order;
  return (a[1] ?? '') < (b[1] ?? '') ? -1 : Number(a[1] !== b[1]);
}

export const byName = (a: { name: string; id: string }, b: { name: string; id: string }) =>
  comparePlaces(placeOf(a), placeOf(b));
