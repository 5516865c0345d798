import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Runtime } from '../runtime/runtime.ts';
import { missing } from './access.ts';
import { apiRoutes } from './api/app.ts';
import { assetRoutes } from './assets.ts';
import { chatOf } from './chat/mount.ts';
import { type App, type Env, makeView } from './context.ts';
import type { ConsoleDeps } from './deps.ts';
import { answerError } from './errors.tsx';
import { healthRoutes } from './health/routes.ts';
import { publicPages, staffPages } from './pages/index.ts';
import { signedOut } from './pages/signed-out.tsx';
import { ownForms, pageHeaders, sandboxed } from './security.ts';

/** The largest form taken: an announcement's picture or file and its words. */
const bodyBytes = 12_000_000;

/**
 * The whole HTTP side of Wici: the messengers' own entries, web chat, API, health, and the panel at the root. A process that
 * does a part only serves what belongs to it, and its health.
 */
export function createApp(runtime: Runtime): Hono {
  const app = new Hono();
  const { roles } = runtime.config;
  const pages = roles.includes('console');
  const entries = pages || roles.includes('bots') ? [...runtime.adapters.values()] : [];
  for (const adapter of entries) {
    for (const endpoint of adapter.endpoints) {
      app.on(endpoint.method, endpoint.path, (c) => endpoint.handle(c.req.raw));
    }
  }
  app.route('/', healthRoutes(runtime));
  if (!pages) return app;
  app.route('/api/v1', apiRoutes({ ...runtime, config: runtime.config }));
  app.route('/', chatOf(runtime));
  app.route('/', createPanel(runtime));
  return app;
}

/** The staff's pages with their static files. */
export function createPanel(deps: ConsoleDeps): Hono {
  const app = new Hono();
  app.use('/assets/*', pageHeaders());
  app.route('/assets', assetRoutes());
  app.route('/', pages(deps));
  return app;
}

function pages(deps: ConsoleDeps): App {
  const app = new Hono<Env>();
  app.use('/attachments/*', sandboxed);
  app.use(pageHeaders(), bodyLimit({ maxSize: bodyBytes }));
  app.use(async (c, next) => {
    c.set('view', await makeView(deps, c));
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.use(ownForms(deps.config.url));
  app.onError(answerError(deps));
  publicPages(app);
  app.use((c, next) => (c.get('view').member ? next() : signedOut(c)));
  staffPages(app);
  app.all('*', missing);
  return app;
}
