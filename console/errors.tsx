import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { DomainError } from '../core/domain-error.ts';
import { resolve } from '../core/text.ts';
import { type Ctx, makeView, type View } from './context.ts';
import type { ConsoleDeps } from './deps.ts';
import { Page } from './layout/page.tsx';

/** The words of a refusal, in the reader's language. */
export function errorWords(view: View, error: DomainError): string {
  return resolve(view.deps.core.texts, view.language, { key: error.key, params: error.params });
}

/** Answers whatever a page threw with a page of its own. Only faults of ours are logged, without anybody's words. */
export function answerError(deps: ConsoleDeps) {
  return async (error: Error, c: Ctx): Promise<Response> => {
    const view = c.get('view') ?? (await makeView(deps, c));
    if (error instanceof DomainError) {
      const missing = error.key.endsWith('.notFound');
      return page(c, view, missing ? 404 : 422, errorWords(view, error));
    }
    if (error instanceof HTTPException) {
      const known = error.status === 403 || error.status === 413;
      return page(c, view, error.status, view.t(`console:errors.${known ? error.status : 400}`));
    }
    deps.log.error({ err: error, path: c.req.routePath }, 'a page failed');
    return page(c, view, 500, view.t('console:errors.500'));
  };
}

function page(c: Ctx, view: View, status: ContentfulStatusCode, words: string): Response | Promise<Response> {
  const title = view.t(`console:errors.title${[403, 404, 413, 500].includes(status) ? status : ''}`);
  return c.html(
    <Page view={view} title={title}>
      <p class="lead">{words}</p>
      <p>
        <a class="ds-button" href="/">
          {view.t('console:errors.home')}
        </a>
      </p>
    </Page>,
    status,
  );
}
