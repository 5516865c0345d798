import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { findIdempotent, insertIdempotent } from '../../core/store/idempotency.ts';
import type { Unit } from '../../core/unit.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { problem } from './problem.ts';

/** What a POST does and answers; runs inside one transaction. */
export type PostWork<B> = (unit: Unit) => Promise<{ status: 200 | 201; body: B }>;

class LostRace extends Error {}

/**
 * Runs a POST in one transaction. With an Idempotency-Key the answer is stored in the same transaction: a repeated request
 * gets that answer again, whatever happened to the first one's connection; another request under the same key is refused.
 * Keys are per token and kept for a day.
 */
export async function postOnce<B>(c: Context<ApiEnv>, deps: ApiDeps, work: PostWork<B>): Promise<Response> {
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

function answerOnce<B>(
  deps: ApiDeps,
  key: string,
  requestHash: string,
  work: PostWork<B>,
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
