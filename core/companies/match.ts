import { fold, polishOrder } from '../fold.ts';
import { companyNames } from '../store/companies.ts';
import type { Db } from '../store/schema.ts';
import { companyLimits } from './check.ts';

export interface CompanyMatch {
  readonly id: string;
  readonly name: string;
  readonly unit: string | null;
}

/** The companies a person most likely means, best first: diacritics optional, beginnings of words, a typo or two. */
export async function matchCompanies(db: Db, typed: string, limit: number): Promise<CompanyMatch[]> {
  const wanted = simple(typed.slice(0, companyLimits.name));
  if (wanted === '') return [];
  return (await companyNames(db))
    .map((company) => ({ company, distance: distanceTo(wanted, simple(company.name)) }))
    .filter(({ distance }) => distance !== null)
    .sort(
      (a, b) =>
        (a.distance ?? 0) - (b.distance ?? 0) ||
        a.company.name.length - b.company.name.length ||
        polishOrder.compare(a.company.name, b.company.name),
    )
    .slice(0, limit)
    .map(({ company }) => company);
}

/** Letters and digits only, words apart. */
const simple = (text: string) =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** How far `wanted` is from naming `name`: 0 = exactly; null = it does not. Pure. */
export function distanceTo(wanted: string, name: string): number | null {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (` ${name}`.includes(` ${wanted}`)) return 2;
  const words = name.split(' ');
  const typedWords = [...new Set(wanted.split(' '))];
  if (typedWords.every((t) => words.some((w) => w.startsWith(t)))) return 3;
  if (wanted.length >= 3 && name.includes(wanted)) return 4;
  let total = 0;
  for (const t of typedWords) {
    total += Math.min(...words.map((w) => typosIn(t, w)));
    if (!Number.isFinite(total)) return null;
  }
  return 4 + total;
}

/** Typing mistakes between a typed word and the beginning of a word; Infinity when more than its length forgives. */
function typosIn(typed: string, word: string): number {
  const allowed = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
  // So much shorter a word is too far away whatever it says: what somebody pastes is not compared letter by letter.
  if (word.length < typed.length - allowed) return Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  for (let length = typed.length - allowed; length <= typed.length + allowed; length++) {
    best = Math.min(best, editDistance(typed, word.slice(0, length)));
  }
  return best <= allowed ? best : Number.POSITIVE_INFINITY;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const best = Math.min(at(above, j) + 1, at(row, j - 1) + 1, replaced);
      row.push(swapped ? Math.min(best, at(before, j - 2) + 1) : best);
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
