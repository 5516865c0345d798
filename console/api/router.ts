import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './deps.ts';
import { problem } from './problem.ts';

/** A router whose wrong input is answered by the field. */
export function newRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const errors = result.error.issues.map((i) => ({ path: i.path.join('.'), message: i.message }));
      const part = result.target === 'json' ? 'body' : result.target;
      return problem(400, 'invalid', `The ${part} does not fit: see errors.`, errors);
    },
  });
}
