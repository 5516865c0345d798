import { fold } from '../fold.ts';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  pageLimit,
  type Total,
  toPage,
  toTotal,
  totalLimit,
} from '../page.ts';
import { allBranches } from '../store/branches.ts';
import { countCompanies, searchCompanies } from '../store/companies.ts';
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
  const limit = pageLimit(request.limit);
  const found = await searchCompanies(db, {
    words: await companyWords(db, request.search),
    branchId: request.branch,
    after: namePlace(request.cursor),
    limit: limit + 1,
  });
  const { items, next } = toPage(found, limit, (c) => [c.name_key, c.id]);
  return { items: await companyViews(db, items), next };
}

/** How many companies such a list holds in all. */
export async function totalCompanies(db: Db, { search, branch }: CompanyListRequest = {}): Promise<Total> {
  const words = await companyWords(db, search);
  return toTotal(await countCompanies(db, { words, branchId: branch, most: totalLimit + 1 }));
}

async function companyWords(db: Db, search: string | undefined) {
  const branches = await allBranches(db);
  return wordsOf(search).map((text) => ({
    text,
    branches: branches.filter((b) => fold(`${b.name_pl} ${b.name_en}`).includes(text)).map((b) => b.id),
  }));
}

/** What is searched for, word by word. */
export const wordsOf = (search = ''): string[] => fold(search).split(' ').filter(Boolean);

/** The place in a list of names a cursor stands for. */
export function namePlace(cursor: string | undefined): { key: string; id: string } | null {
  const [key, id] = decodeCursor(cursor) ?? [];
  return key === undefined || id === undefined ? null : { key, id };
}
