import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { channelNames } from '../../core/channels/channel-name.ts';
import { DomainError } from '../../core/domain-error.ts';
import { createInvitation, revokeInvitation } from '../../core/invitations/invitation.ts';
import { findInvitationView, type InvitationView, listInvitations } from '../../core/invitations/list.ts';
import { findInvitationByCode } from '../../core/store/invitations.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { postOnce } from './post-once.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import {
  IdempotencyHeader,
  Instant,
  iso,
  isoOrNull,
  json,
  jsonBody,
  LanguageSchema,
  PageQuery,
  pageOf,
  present,
  RoleSchema,
} from './schemas.ts';

const InvitationInput = z
  .strictObject({
    name: z.string().max(120).optional().openapi({
      description: 'For one person. Without it, and with a company, the invitation serves the whole company.',
    }),
    company: z.string().optional().openapi({ description: "The company's id" }),
    member: z.string().optional().openapi({ description: 'The id of a person already on the list' }),
    language: LanguageSchema.optional(),
    role: RoleSchema.optional(),
    expiresAt: Instant.optional().openapi({
      description: 'Absent: 30 days (personal) or 90 days (company).',
    }),
  })
  .openapi('InvitationInput');

const Invitation = z
  .object({
    code: z.string().openapi({ description: 'On Telegram it is the /start payload.' }),
    kind: z.enum(['personal', 'company', 'network', 'group']),
    state: z.enum(['created', 'sent', 'opened', 'joined', 'expired', 'revoked']),
    name: z.string().nullable(),
    company: z.object({ id: z.string(), name: z.string() }).nullable(),
    role: RoleSchema,
    language: LanguageSchema.nullable(),
    joinedCount: z.int(),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    links: z
      .object(Object.fromEntries(channelNames.map((name) => [name, z.string().optional()])))
      .openapi({ description: 'One for each messenger that is on.' }),
  })
  .openapi('Invitation');

const create = createRoute({
  method: 'post',
  path: '/invitations',
  summary: 'Invite a person or a company',
  request: { headers: IdempotencyHeader, body: jsonBody(InvitationInput) },
  responses: { 201: json('The invitation with its links', Invitation), ...problemResponses },
});

const list = createRoute({
  method: 'get',
  path: '/invitations',
  summary: 'Invitations, newest first',
  request: { query: PageQuery },
  responses: { 200: json('A page of invitations', pageOf(Invitation)), ...problemResponses },
});

const revoke = createRoute({
  method: 'post',
  path: '/invitations/{code}/revoke',
  summary: 'Nobody joins with it any more',
  request: {
    headers: IdempotencyHeader,
    params: z.object({
      code: z
        .string()
        .max(64)
        .openapi({ param: { name: 'code', in: 'path' } }),
    }),
  },
  responses: { 200: json('The invitation as it stands now', Invitation), ...problemResponses },
});

export function invitationRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { core, adapters } = deps;
  const api = newRouter();
  api.openapi(create, async (c) => {
    const { company, member, expiresAt, ...input } = c.req.valid('json');
    const wholeCompany = company !== undefined && input.name === undefined && member === undefined;
    return postOnce(c, deps, async (unit) => {
      const { id } = await createInvitation(unit, {
        ...input,
        kind: wholeCompany ? 'company' : 'personal',
        companyId: company,
        memberId: member,
        expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
      });
      return { status: 201, body: await show(unit.db, id, unit.now) };
    });
  });
  api.openapi(list, async (c) => {
    const page = await listInvitations(core.db, core.clock.now(), present(c.req.valid('query')));
    return c.json({ items: page.items.map(toInvitation), next: page.next }, 200);
  });
  api.openapi(revoke, async (c) =>
    postOnce(c, deps, async (unit) => {
      const invitation = await findInvitationByCode(unit.db, c.req.valid('param').code);
      if (!invitation) throw new DomainError('common:errors.notFound');
      await revokeInvitation(unit, invitation.id);
      return { status: 200, body: await show(unit.db, invitation.id, unit.now) };
    }),
  );
  return api;

  async function show(db: Parameters<typeof findInvitationView>[0], id: string, now: number) {
    const view = await findInvitationView(db, id, now);
    if (!view) throw new DomainError('common:errors.notFound');
    return toInvitation(view);
  }

  function toInvitation(i: InvitationView): z.infer<typeof Invitation> {
    const links = [...adapters.values()].flatMap((a) => {
      const link = a.invitationLink(i.code);
      return link === null ? [] : [[a.name, link]];
    });
    return {
      code: i.code,
      kind: i.kind as 'personal' | 'company' | 'network' | 'group',
      state: i.state,
      name: i.name,
      company: i.company,
      role: i.role,
      language: i.language,
      joinedCount: i.joinedCount,
      createdAt: iso(i.createdAt),
      expiresAt: isoOrNull(i.expiresAt),
      links: Object.fromEntries(links),
    };
  }
}
