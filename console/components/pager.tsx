import type { View } from '../context.ts';
import { LinkButton } from './ui.tsx';

/** The way to the rest of a list, keeping what was asked for. */
export const Pager = ({
  view,
  next,
  query,
  path,
}: {
  view: View;
  next: string | null;
  query: Readonly<Record<string, string | undefined>>;
  path?: string;
}) => {
  if (next === null && !query.cursor) return null;
  const to = path ?? view.path;
  return (
    <nav class="pager" aria-label={view.t('console:layout.pages')}>
      {query.cursor && (
        <LinkButton href={withQuery(to, { ...query, cursor: undefined })} variant="tertiary">
          {view.t('console:layout.first')}
        </LinkButton>
      )}
      {next !== null && (
        <LinkButton href={withQuery(to, { ...query, cursor: next })} variant="secondary">
          {view.t('console:layout.next')}
        </LinkButton>
      )}
    </nav>
  );
};

export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}
