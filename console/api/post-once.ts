import { createHash } from 'node:crypto';
import type { Context, TypedResponse } from 'hono';
import { findIdempotent, insertIdempotent } from '../../core/store/idempotency.ts';
import type { Unit } from '../../core/unit.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { problem } from './problem.ts';

/** What a POST does and answers; runs inside one transaction. */
export type PostWork<B, S extends 200 | 201> = (unit: Unit) => Promise<{ status: S; body: B }>;

/** What the route's description promises; a problem answer travels under the same type, as Hono has it. */
type Promised<B, S extends 200 | 201> = Promise<Response & TypedResponse<B, S, 'json'>>;

class LostRace extends Error {}

/**
 * Runs a POST in one transaction. With an Idempotency-Key the answer is stored in the same transaction: a repeated request
 * gets that answer again, whatever happened to the first one's connection; another request under the same key is refused.
 * Keys are per token and kept for a day.
 */
export function postOnce<B, S extends 200 | 201>(
  c: Context<ApiEnv>,
  deps: ApiDeps,
  work: PostWork<B, S>,
): Promised<B, S> {
  return post(c, deps, work) as Promised<B, S>;
}

async function post(
  c: Context<ApiEnv>,
  deps: ApiDeps,
  work: PostWork<unknown, 200 | 201>,
): Promise<Response> {
  const header = c.req.header('idempotency-key');
  if (header === undefined) {
    const { status, body } = await deps.core.transaction(work);
    return c.json(body as object, status);
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    return problem(400, 'idempotencyKey', 'Idempotency-Key takes 1 to 255 visible ASCII characters.');
  }
  const key = `${c.get('tokenId')}:${header}`;
  const requestHash = await hashRequest(c);
  try {
    return await answerOnce(deps, key, requestHash, work);
  } catch (error) {
    // The twin request committed first: its answer is there now.
    if (error instanceof LostRace) return answerOnce(deps, key, requestHash, work);
    throw error;
  }
}

function answerOnce(
  deps: ApiDeps,
  key: string,
  requestHash: string,
  work: PostWork<unknown, 200 | 201>,
): Promise<Response> {
  return deps.core.transaction(async (unit) => {
    const earlier = await findIdempotent(unit.db, key);
    if (earlier) {
      if (earlier.request_hash !== requestHash) {
        return problem(
          409,
          'idempotencyKey',
          'This Idempotency-Key was used for another request; take a new one.',
        );
      }
      return respond(earlier.status, earlier.body, true);
    }
    const { status, body } = await work(unit);
    const text = JSON.stringify(body);
    const kept = await insertIdempotent(unit.db, {
      key,
      request_hash: requestHash,
      status,
      body: text,
      content_type: 'application/json',
      at: unit.now,
    });
    if (!kept) throw new LostRace();
    return respond(status, text, false);
  });
}

function respond(status: number, body: string, replayed: boolean): Response {
  const headers = { 'content-type': 'application/json', ...(replayed && { 'idempotency-replayed': 'true' }) };
  return new Response(body, { status, headers });
}

async function hashRequest(c: Context): Promise<string> {
  const body = new Uint8Array(await c.req.arrayBuffer());
  const { pathname, search } = new URL(c.req.url);
  return createHash('sha256').update(`${c.req.method} ${pathname}${search}\n`).update(body).digest('hex');
}
