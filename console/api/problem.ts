import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { DomainError } from '../../core/domain-error.ts';
import { type Language, languageFromTag } from '../../core/language.ts';
import { resolve, say, type Texts } from '../../core/text.ts';

/** RFC 9457. `code` is stable for programs; `detail` is for people, in the language of Accept-Language (English by default). */
export const Problem = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ example: 'polls:errors.closed' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Which parts of the request are wrong.' }),
  })
  .openapi('Problem');

export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500;

const titles: Record<ProblemStatus, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal error',
};

export function problem(
  status: ProblemStatus,
  code: string,
  detail: string,
  errors?: readonly { path: string; message: string }[],
): Response {
  const body = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    code,
    ...(errors && { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

/** A caller's mistake that the core found, in the caller's language. What a field refers to bears its name here, without Id. */
export function domainProblem(c: Context, texts: Texts, { key, params, field }: DomainError): Response {
  const detail = resolve(texts, requestLanguage(c), say(key, params));
  if (field === undefined) return problem(statusOf(key), key, detail);
  const errors = [{ path: field.replace(/Id$/, ''), message: detail }];
  // The address was right: it is what a field of the body names that is not there.
  const status = statusOf(key) === 404 ? 422 : statusOf(key);
  return problem(status, key, detail, errors);
}

export function requestLanguage(c: Context): Language {
  return languageFromTag(c.req.header('accept-language')?.split(/[,;]/)[0]) ?? 'en';
}

function statusOf(key: string): ProblemStatus {
  if (/[.:]errors\.notFound$/.test(key)) return 404;
  if (/[.:]errors\.(conflict|numberTaken)$/.test(key)) return 409;
  return 422;
}

/** The problem answers every operation may give, for its description. */
export const problemResponses = {
  400: content('The request is malformed: `errors` says where.'),
  401: content('No valid bearer token.'),
  404: content('There is no such thing.'),
  409: content('It changed in the meantime, or the Idempotency-Key is in use by another request.'),
  413: content('The body is larger than 16 MiB.'),
  415: content('The body is not said to be what the operation takes.'),
  422: content('Well-formed, but not possible: `detail` says why and what to do.'),
  500: content('Something went wrong here; nothing was changed.'),
} as const;

function content(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } };
}
