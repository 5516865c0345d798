import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { DomainError } from '../../core/domain-error.ts';
import { findMemberView, listMembers, type MemberView } from '../../core/members/view.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import {
  ChannelSchema,
  IdParam,
  isoOrNull,
  json,
  LanguageSchema,
  PageQuery,
  pageOf,
  present,
  RoleSchema,
} from './schemas.ts';

const MemberStatus = z.enum(['listed', 'active', 'stopped', 'erased']);

const Member = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    company: z.object({ id: z.string(), name: z.string() }).nullable(),
    role: RoleSchema,
    language: LanguageSchema,
    status: MemberStatus.openapi({
      description: 'listed: known to staff, not joined; stopped: said /stop, nothing is sent.',
    }),
    consentAt: z.string().nullable(),
    stoppedAt: z.string().nullable(),
    channels: z.array(z.object({ channel: ChannelSchema, status: z.enum(['open', 'gone']) })),
    tags: z.array(z.string()),
    demo: z.boolean(),
  })
  .openapi('Member');

const list = createRoute({
  method: 'get',
  path: '/members',
  summary: 'People, by name',
  request: {
    query: PageQuery.extend({
      search: z.string().max(200).optional(),
      company: z.string().max(64).optional(),
      role: RoleSchema.optional(),
      status: MemberStatus.optional(),
    }),
  },
  responses: { 200: json('A page of people', pageOf(Member)), ...problemResponses },
});

const one = createRoute({
  method: 'get',
  path: '/members/{id}',
  summary: 'One person',
  request: { params: IdParam },
  responses: { 200: json('The person', Member), ...problemResponses },
});

export function memberRoutes({ core }: ApiDeps): OpenAPIHono<ApiEnv> {
  const api = newRouter();
  api.openapi(list, async (c) => {
    const { company, ...query } = c.req.valid('query');
    const page = await listMembers(core.db, present({ ...query, companyId: company }));
    return c.json({ items: page.items.map(toMember), next: page.next }, 200);
  });
  api.openapi(one, async (c) => {
    const member = await findMemberView(core.db, c.req.valid('param').id);
    if (!member) throw new DomainError('common:errors.notFound');
    return c.json(toMember(member), 200);
  });
  return api;
}

function toMember(m: MemberView): z.infer<typeof Member> {
  return {
    id: m.id,
    name: m.name,
    email: m.email,
    company: m.company,
    role: m.role,
    language: m.language,
    status: m.status,
    consentAt: isoOrNull(m.consentAt),
    stoppedAt: isoOrNull(m.stoppedAt),
    channels: m.channels.map(({ channel, status }) => ({ channel, status })),
    tags: m.tags,
    demo: m.demo,
  };
}
