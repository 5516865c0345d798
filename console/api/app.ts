import type { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { DomainError } from '../../core/domain-error.ts';
import { announcementRoutes } from './announcements.ts';
import { barrierRoutes } from './barriers.ts';
import { companyRoutes } from './companies.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { groupRoutes } from './groups.ts';
import { bearerGuard } from './guard.ts';
import { invitationRoutes } from './invitations.ts';
import { memberRoutes } from './members.ts';
import { pollRoutes } from './polls.ts';
import { domainProblem, problem } from './problem.ts';
import { newRouter } from './router.ts';

/** 16 MiB: an attachment of 10 MB in base64, with room. */
const largestBody = 16 * 1024 * 1024;

/** The HTTP API, to be mounted under /api/v1. Its description is served without a token. */
export function apiRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const api = newRouter();
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Wici',
      version: '1',
      description:
        'Announcements with read-back, quick polls and barriers. Errors are application/problem+json; every POST takes an Idempotency-Key.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
  });
  api.use('*', async (c, next) =>
    c.req.path.endsWith('/openapi.json') ? next() : bearerGuard(deps)(c, next),
  );
  api.use(
    '*',
    bodyLimit({
      maxSize: largestBody,
      onError: () => problem(413, 'tooLarge', 'The body is larger than 16 MiB.'),
    }),
  );
  for (const routes of [
    announcementRoutes,
    groupRoutes,
    pollRoutes,
    barrierRoutes,
    memberRoutes,
    companyRoutes,
    invitationRoutes,
  ]) {
    api.route('/', routes(deps));
  }
  // A route, not `notFound`: mounted under the panel, what is left would otherwise go on to the panel's pages.
  api.all('*', () => problem(404, 'noSuchPath', 'There is nothing here; see /api/v1/openapi.json.'));
  api.onError((error, c) => {
    if (error instanceof DomainError) return domainProblem(c, deps.core.texts, error);
    if (error instanceof HTTPException) return unread(error.status);
    deps.log.error({ err: error, path: c.req.routePath }, 'an API call failed');
    return problem(500, 'internal', 'Something went wrong here. Nothing was changed; try again.');
  });
  return api;
}

/** What was sent could not even be read. */
function unread(status: number): Response {
  if (status !== 415) return problem(400, 'malformed', 'The body is not valid JSON.');
  return problem(415, 'mediaType', 'Say what the body is: "Content-Type: application/json".');
}
