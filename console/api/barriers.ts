import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type BarrierMessageView,
  type BarrierView,
  barrierKinds,
  barrierStatuses,
} from '../../core/barriers/barrier.ts';
import { answerBarrier, setBarrierStatus } from '../../core/barriers/handle.ts';
import { findBarrier, listBarriers } from '../../core/barriers/list.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { postOnce } from './post-once.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import {
  IdempotencyHeader,
  IdParam,
  iso,
  json,
  jsonBody,
  LanguageSchema,
  PageQuery,
  pageOf,
  present,
} from './schemas.ts';

const Status = z.enum(barrierStatuses);
const Person = z.object({ id: z.string(), name: z.string() });

const Barrier = z
  .object({
    id: z.string(),
    number: z.int().openapi({ description: 'What people call it by' }),
    reporter: Person.nullable().openapi({ description: 'null when reported anonymously' }),
    company: Person.nullable(),
    anonymous: z.boolean(),
    kind: z.enum(barrierKinds),
    visibility: z.enum(['private', 'shared']),
    text: z.string(),
    language: LanguageSchema,
    status: Status,
    revision: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Barrier');

const Message = z
  .object({
    id: z.string(),
    from: z.enum(['staff', 'reporter']),
    text: z.string().openapi({ description: 'Empty for a bare change of status' }),
    status: Status.nullable(),
    at: z.string(),
  })
  .openapi('BarrierMessage');

const BarrierWithMessages = Barrier.extend({ messages: z.array(Message) }).openapi('BarrierWithMessages');

const list = createRoute({
  method: 'get',
  path: '/barriers',
  summary: 'Reports, newest first',
  request: { query: PageQuery.extend({ status: Status.optional() }) },
  responses: { 200: json('A page of reports', pageOf(Barrier)), ...problemResponses },
});

const one = createRoute({
  method: 'get',
  path: '/barriers/{id}',
  summary: 'One report with what was said on it',
  request: { params: IdParam },
  responses: { 200: json('The report', BarrierWithMessages), ...problemResponses },
});

const change = createRoute({
  method: 'patch',
  path: '/barriers/{id}',
  summary: 'Set its status; the reporter is told',
  request: {
    params: IdParam,
    body: jsonBody(
      z
        .strictObject({
          status: Status,
          note: z.string().optional(),
          revision: z.int().optional().openapi({ description: 'Refused with 409 when it moved on since.' }),
        })
        .openapi('BarrierChange'),
    ),
  },
  responses: { 200: json('The report as it stands now', BarrierWithMessages), ...problemResponses },
});

const answer = createRoute({
  method: 'post',
  path: '/barriers/{id}/messages',
  summary: 'Answer the reporter',
  request: {
    headers: IdempotencyHeader,
    params: IdParam,
    body: jsonBody(z.strictObject({ text: z.string() }).openapi('BarrierAnswer')),
  },
  responses: { 201: json('The report with the answer', BarrierWithMessages), ...problemResponses },
});

export function barrierRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { core } = deps;
  const api = newRouter();
  api.openapi(list, async (c) => {
    const page = await listBarriers(core.db, present(c.req.valid('query')));
    return c.json({ items: page.items.map(toBarrier), next: page.next }, 200);
  });
  api.openapi(one, async (c) => c.json(await show(core.db, c.req.valid('param').id), 200));
  api.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    const { status, note, revision } = c.req.valid('json');
    const barrier = await core.transaction(async (unit) => {
      await setBarrierStatus(unit, id, { status, ...present({ note }) }, null, revision);
      return show(unit.db, id);
    });
    return c.json(barrier, 200);
  });
  api.openapi(answer, async (c) =>
    postOnce(c, deps, async (unit) => {
      const { id } = c.req.valid('param');
      await answerBarrier(unit, id, c.req.valid('json').text, null);
      return { status: 201, body: await show(unit.db, id) };
    }),
  );
  return api;
}

async function show(db: ApiDeps['core']['db'], id: string) {
  const barrier = await findBarrier(db, id);
  return { ...toBarrier(barrier), messages: barrier.messages.map(toMessage) };
}

function toBarrier(b: BarrierView): z.infer<typeof Barrier> {
  const { id, number, reporter, company, anonymous, kind, visibility, text, language, status, revision } = b;
  return {
    ...{ id, number, reporter, company, anonymous, kind, visibility, text, language, status, revision },
    createdAt: iso(b.createdAt),
    updatedAt: iso(b.updatedAt),
  };
}

function toMessage({ id, from, text, status, at }: BarrierMessageView): z.infer<typeof Message> {
  return { id, from, text, status, at: iso(at) };
}
