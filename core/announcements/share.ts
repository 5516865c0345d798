/**
 * Whole seconds from `startedAt` until `part` (0 … 1) of `recipients` had confirmed; null while it has not come to that.
 * `confirmedAt` in any order, epoch ms. Pure.
 */
export function secondsToShare(
  startedAt: number | null,
  confirmedAt: readonly number[],
  recipients: number,
  part: number,
): number | null {
  if (startedAt === null || recipients === 0) return null;
  const needed = Math.ceil(recipients * part);
  const reached = [...confirmedAt].sort((a, b) => a - b)[needed - 1];
  return reached === undefined ? null : Math.max(0, Math.round((reached - startedAt) / 1000));
}
