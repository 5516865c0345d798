import { createHash, timingSafeEqual } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { findApiTokenByHash, touchApiToken } from '../../core/store/api-tokens.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { problem } from './problem.ts';

/** SHA-256, hex: tokens are kept and compared as this only. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Lets in whoever bears WICI_API_TOKEN or a token made on the console or with `wici token`. */
export function bearerGuard({ core, config }: ApiDeps) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const token = /^Bearer ([\x21-\x7e]{8,512})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const tokenId = token === undefined ? null : await identify(hashToken(token));
    if (tokenId === null) {
      const answer = problem(401, 'unauthorized', 'Send a valid token: "Authorization: Bearer …".');
      answer.headers.set('www-authenticate', 'Bearer');
      return answer;
    }
    c.set('tokenId', tokenId);
    return next();
  });

  async function identify(hash: string): Promise<string | null> {
    if (config.apiToken && sameHash(hash, hashToken(config.apiToken))) return 'environment';
    const row = await findApiTokenByHash(core.db, hash);
    if (!row) return null;
    await touchApiToken(core.db, row, core.clock.now());
    return row.id;
  }
}

function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
