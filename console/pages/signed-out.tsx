import { Hidden } from '../components/fields.tsx';
import type { Ctx, View } from '../context.ts';
import { type Fields, readForm } from '../forms.ts';
import { Page } from '../layout/page.tsx';
import { HowToGetLink } from './sign-in.tsx';

/** Whoever is not signed in: a page leads to signing in, a part of one stays as it is, a form keeps what was written in it. */
export async function signedOut(c: Ctx): Promise<Response> {
  if (c.req.header('hx-request')) return c.body(null, 401);
  if (c.req.method !== 'POST') return c.redirect('/sign-in', 303);
  return c.html(<KeptForm view={c.get('view')} path={c.req.path} fields={await readForm(c)} />, 401);
}

/** The form once more, to be sent from here after signing in elsewhere. Files are not kept: browsers send them once. */
const KeptForm = ({ view, path, fields }: { view: View; path: string; fields: Fields }) => (
  <Page view={view} title={view.t('console:signedOut.title')}>
    <div class="ds-card narrow">
      <div class="ds-alert" data-color="warning" role="alert">
        {view.t('console:signedOut.kept')}
      </div>
      {fields.hasFiles() && <p>{view.t('console:signedOut.file')}</p>}
      <HowToGetLink view={view} />
      <p>{view.t('console:signedOut.then')}</p>
      <form method="post" action={path}>
        <Hidden entries={fields.entries()} />
        <button type="submit" class="ds-button" data-size="md">
          {view.t('console:signedOut.goOn')}
        </button>
      </form>
    </div>
  </Page>
);
