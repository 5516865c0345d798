/** One part of a longer list. */
export interface Page<T> {
  readonly items: T[];
  /** What to pass as `cursor` for the next part; null after the last. */
  readonly next: string | null;
}

export interface PageRequest {
  /** `next` of the page before; absent or unknown = from the beginning. */
  readonly cursor?: string;
  /** 1 … 200, 50 when absent. */
  readonly limit?: number;
}

/** How much a list holds in all, counted up to 10,000: more takes too long for a number nobody needs to the last. */
export interface Total {
  readonly count: number;
  /** There are more. */
  readonly more: boolean;
}

export const totalLimit = 10_000;

/** From a count that went no further than one above the limit. */
export function toTotal(counted: number): Total {
  return { count: Math.min(counted, totalLimit), more: counted > totalLimit };
}

export function pageLimit(limit: number | undefined): number {
  return Math.min(200, Math.max(1, Math.trunc(limit ?? 50) || 50));
}

/** Cursors carry the last item's place in the list; readers pass them back untouched. */
export function encodeCursor(place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

export function decodeCursor(cursor: string | undefined): readonly string[] | null {
  if (!cursor) return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) && place.every((part) => typeof part === 'string') ? place : null;
  } catch {
    return null;
  }
}

/** A page of a list read with one row more than `limit`: the extra row only tells that there is more. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => readonly string[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? encodeCursor(placeOf(last)) : null };
}
