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

/**
 * A page of a list sorted in memory: what comes after the cursor's item. When that item is gone meanwhile, the page begins
 * at the first one that sorts behind it, so nothing is shown twice or left out.
 */
export function pageOfSorted<T>(
  sorted: readonly T[],
  { cursor, limit }: PageRequest,
  placeOf: (item: T) => readonly string[],
  compare: (a: readonly string[], b: readonly string[]) => number,
): Page<T> {
  const after = decodeCursor(cursor);
  const rest = after ? sorted.filter((item) => compare(placeOf(item), after) > 0) : sorted;
  return toPage(rest, pageLimit(limit), placeOf);
}
