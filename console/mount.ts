import type { Hono } from 'hono';
import type { ConsoleDeps } from './deps.ts';

/** What others own and the same server carries: the messengers' entries, the web chat, the API, health. */
export function mountOthers(app: Hono, deps: ConsoleDeps): void {
  for (const adapter of deps.adapters.values()) {
    for (const endpoint of adapter.endpoints) {
      app.on(endpoint.method, endpoint.path, (c) => endpoint.handle(c.req.raw));
    }
  }
}
