import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createPoll } from '../../core/polls/create.ts';
import { findPollView, listPolls, type PollView } from '../../core/polls/list.ts';
import { pollResults } from '../../core/polls/results.ts';
import { closePollNow, pausePoll, resumePoll, stopPoll } from '../../core/polls/steer.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { postOnce } from './post-once.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import {
  AudienceSchema,
  absentReminders,
  Bilingual,
  IdempotencyHeader,
  IdParam,
  Instant,
  iso,
  isoOrNull,
  json,
  jsonBody,
  PageQuery,
  pageOf,
  present,
  RemindersSchema,
} from './schemas.ts';

const PollInput = z
  .strictObject({
    question: Bilingual,
    options: z.array(Bilingual).openapi({ description: '2 to 20' }),
    multiple: z.boolean(),
    anonymous: z.boolean().openapi({ description: 'Nothing stored ties a person to an answer.' }),
    showResults: z.enum(['afterVote', 'afterClose', 'never']),
    urgent: z.boolean().optional().openapi({ description: 'Sent in quiet hours too.' }),
    opensAt: Instant.optional().openapi({ description: 'Absent or past = now.' }),
    closesAt: Instant,
    audience: AudienceSchema.optional(),
    reminders: RemindersSchema.optional().openapi({
      description: `Only to those who have not voted. ${absentReminders}.`,
    }),
    overrideParity: z.boolean().optional(),
  })
  .openapi('PollInput');

const PollStatus = z.enum(['scheduled', 'open', 'closed', 'paused', 'stopped']);
const Created = z.object({ id: z.string(), status: PollStatus }).openapi('PollCreated');

const Poll = z
  .object({
    id: z.string(),
    status: PollStatus,
    question: Bilingual,
    options: z.array(Bilingual),
    multiple: z.boolean(),
    anonymous: z.boolean(),
    showResults: z.enum(['afterVote', 'afterClose', 'never']),
    urgent: z.boolean(),
    audience: AudienceSchema,
    reminders: RemindersSchema,
    opensAt: z.string(),
    closesAt: z.string(),
    closedAt: z.string().nullable(),
    createdAt: z.string(),
    asked: z.int(),
    voted: z.int(),
  })
  .openapi('Poll');

const Results = z
  .object({
    asked: z.int(),
    voted: z.int(),
    options: z.array(
      z.object({
        label: Bilingual,
        votes: z.int().nullable().openapi({ description: 'null while hidden' }),
      }),
    ),
    hidden: z.enum(['smallGroup']).optional().openapi({
      description: 'Why the counts are not shown: fewer answered an anonymous poll than the network shows.',
    }),
  })
  .openapi('PollResults');

const create = createRoute({
  method: 'post',
  path: '/polls',
  summary: 'Ask a quick poll',
  request: { headers: IdempotencyHeader, body: jsonBody(PollInput) },
  responses: { 201: json('It is open or scheduled', Created), ...problemResponses },
});

const list = createRoute({
  method: 'get',
  path: '/polls',
  summary: 'Polls, newest first',
  request: { query: PageQuery },
  responses: { 200: json('A page of polls', pageOf(Poll)), ...problemResponses },
});

const one = createRoute({
  method: 'get',
  path: '/polls/{id}',
  summary: 'One poll',
  request: { params: IdParam },
  responses: { 200: json('The poll', Poll), ...problemResponses },
});

const results = createRoute({
  method: 'get',
  path: '/polls/{id}/results',
  summary: 'The counts as they stand',
  request: { params: IdParam },
  responses: { 200: json('The results', Results), ...problemResponses },
});

const steps = {
  pause: {
    act: pausePoll,
    summary: 'Take no votes and send nothing of it for now; it still closes at its time',
  },
  resume: { act: resumePoll, summary: 'Go on where it was paused' },
  close: { act: closePollNow, summary: 'Close it before its time: those who voted get the result' },
  stop: { act: stopPoll, summary: 'End it for good without results' },
} as const;

const stepNames = ['pause', 'resume', 'close', 'stop'] as const;

function stepRoute(step: keyof typeof steps) {
  return createRoute({
    method: 'post',
    path: `/polls/{id}/${step}`,
    summary: steps[step].summary,
    request: { headers: IdempotencyHeader, params: IdParam },
    responses: { 200: json('How it stands now', Created), ...problemResponses },
  });
}

export function pollRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { core } = deps;
  const api = newRouter();
  api.openapi(create, async (c) => {
    const { opensAt, closesAt, ...input } = c.req.valid('json');
    const draft = {
      ...present(input),
      closesAt: Date.parse(closesAt),
      ...(opensAt === undefined ? {} : { opensAt: Date.parse(opensAt) }),
    };
    return postOnce(c, deps, async (unit) => ({
      status: 201,
      body: await createPoll(unit, draft as Parameters<typeof createPoll>[1], null),
    }));
  });
  api.openapi(list, async (c) => {
    const page = await listPolls(core.db, present(c.req.valid('query')));
    return c.json({ items: page.items.map(toPoll), next: page.next }, 200);
  });
  api.openapi(one, async (c) => c.json(toPoll(await findPollView(core.db, c.req.valid('param').id)), 200));
  api.openapi(results, async (c) => {
    const { asked, voted, options, hidden } = await pollResults(core.db, c.req.valid('param').id);
    const shown = options.map(({ label, votes }) => ({ label, votes }));
    return c.json({ asked, voted, options: shown, ...(hidden && { hidden }) }, 200);
  });
  for (const step of stepNames) {
    api.openapi(stepRoute(step), async (c) =>
      postOnce(c, deps, async (unit) => {
        const { id } = c.req.valid('param');
        await steps[step].act(unit, id);
        const { status } = await findPollView(unit.db, id);
        return { status: 200, body: { id, status } };
      }),
    );
  }
  return api;
}

function toPoll(p: PollView): z.infer<typeof Poll> {
  return {
    id: p.id,
    status: p.status,
    question: p.question,
    options: [...p.options],
    multiple: p.multiple,
    anonymous: p.anonymous,
    showResults: p.showResults,
    urgent: p.urgent,
    audience: p.audience as z.infer<typeof AudienceSchema>,
    reminders: p.reminders,
    opensAt: iso(p.opensAt),
    closesAt: iso(p.closesAt),
    closedAt: isoOrNull(p.closedAt),
    createdAt: iso(p.createdAt),
    asked: p.asked,
    voted: p.voted,
  };
}
