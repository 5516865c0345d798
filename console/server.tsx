import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { missing } from './access.ts';
import { assetRoutes } from './assets.ts';
import { type App, type Env, makeView } from './context.ts';
import type { ConsoleDeps } from './deps.ts';
import { answerError } from './errors.tsx';
import { mountOthers } from './mount.ts';
import { publicPages, staffPages } from './pages/index.ts';
import { ownForms, pageHeaders } from './security.ts';

/** The largest form taken: an announcement's picture or file and its words. */
const bodyBytes = 12_000_000;

/** The whole HTTP side of Wici: panel, web chat, API, health, the messengers' own entries. */
export function createApp<Deps extends ConsoleDeps>(deps: Deps): Hono {
  const app = new Hono();
  app.use('/assets/*', pageHeaders());
  app.route('/assets', assetRoutes());
  mountOthers(app, deps);
  app.route('/', panel(deps));
  return app;
}

function panel(deps: ConsoleDeps): App {
  const app = new Hono<Env>();
  app.use(pageHeaders(), bodyLimit({ maxSize: bodyBytes }));
  app.use(async (c, next) => {
    c.set('view', await makeView(deps, c));
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.use(ownForms(deps.config.url));
  app.onError(answerError(deps));
  publicPages(app);
  app.use(async (c, next) => {
    if (c.get('view').member) return next();
    return c.redirect('/sign-in', 303);
  });
  staffPages(app);
  app.all('*', missing);
  return app;
}
