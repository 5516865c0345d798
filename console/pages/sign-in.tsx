import { setCookie } from 'hono/cookie';
import { DomainError } from '../../core/domain-error.ts';
import { consumeSignInLink, sessionMs } from '../../core/sign-in/sign-in.ts';
import { type App, type Ctx, guessLanguage, sessionCookie, type View } from '../context.ts';
import { errorWords } from '../errors.tsx';
import { Page } from '../layout/page.tsx';

/**
 * The one-time link. Opening it only shows a button, because messengers fetch links to preview them; pressing it signs in.
 * The secret travels in the path of this one page and is dead afterwards.
 */
export function signInPage(app: App): void {
  app.get('/sign-in', (c) => {
    const view = c.get('view');
    return view.member ? c.redirect('/', 303) : c.html(<AskForLink view={view} />);
  });
  app.get('/sign-in/:secret', (c) => c.html(<PressButton view={c.get('view')} path={c.req.path} />));
  app.post('/sign-in/:secret', signIn);
}

async function signIn(c: Ctx): Promise<Response> {
  const view = c.get('view');
  const { core, config } = view.deps;
  try {
    const secret = c.req.param('secret') ?? '';
    const session = await core.transaction((unit) => consumeSignInLink(unit, secret, guessLanguage(c)));
    setCookie(c, sessionCookie, session, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: config.url.startsWith('https:'),
      maxAge: sessionMs / 1000,
    });
    return c.redirect('/', 303);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return c.html(<AskForLink view={view} why={errorWords(view, error)} />, 422);
  }
}

const PressButton = ({ view, path }: { view: View; path: string }) => (
  <Page view={view} title={view.t('console:signIn.title', { network: view.network.name })}>
    <div class="ds-card narrow">
      <p>{view.t('console:signIn.press')}</p>
      <form method="post" action={path}>
        <button type="submit" class="ds-button" data-size="md">
          {view.t('console:signIn.button')}
        </button>
      </form>
    </div>
  </Page>
);

export const HowToGetLink = ({ view }: { view: View }) => (
  <>
    <p>{view.t('console:signIn.ask')}</p>
    <ul class="ds-list">
      <li>{view.t('console:signIn.askAdministrator')}</li>
      <li>
        {view.t('console:signIn.askOperator')} <code>npx wici sign-in</code>
      </li>
    </ul>
  </>
);

const AskForLink = ({ view, why }: { view: View; why?: string }) => (
  <Page view={view} title={view.t('console:signIn.askTitle')}>
    <div class="ds-card narrow">
      {why && (
        <div class="ds-alert" data-color="warning" role="alert">
          {why}
        </div>
      )}
      <HowToGetLink view={view} />
    </div>
    <p class="narrow">
      {view.t('console:signIn.askMember')} <a href="/chat">{view.t('console:signIn.chat')}</a>.
    </p>
  </Page>
);
