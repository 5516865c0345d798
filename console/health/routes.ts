import { Hono } from 'hono';
import type { HealthDeps } from './deps.ts';
import { checkReadiness } from './readiness.ts';

/**
 * For supervisors and monitoring; none of them tells anything about people.
 * /healthz: the process answers. /readyz: database and queue work (503 otherwise, with what does not). /metrics: Prometheus.
 */
export function healthRoutes(deps: HealthDeps): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const readiness = await checkReadiness(deps);
    return c.json(readiness, readiness.status === 'ready' ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    const text = await deps.metrics.text();
    return c.body(text, 200, { 'content-type': deps.metrics.contentType });
  });
  return app;
}
