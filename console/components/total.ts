import type { Total } from '../../core/page.ts';
import type { View } from '../context.ts';

/** "128 osób", above a list of which one page is shown; nothing above an empty one. */
export function totalWords(
  { t }: View,
  what: 'people' | 'companies',
  { count, more }: Total,
): string | undefined {
  if (count === 0) return undefined;
  const all = t(`console:count.${what}`, { count });
  return more ? t('console:count.moreThan', { all }) : all;
}
