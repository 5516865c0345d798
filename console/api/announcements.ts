import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type AnnouncementDraft,
  addAttachment,
  announcementDeliveries,
  announcementReplies,
  announcementReport,
  createAnnouncement,
  listAnnouncements,
  pauseAnnouncement,
  resumeAnnouncement,
  stopAnnouncement,
} from '../../core/announcements/index.ts';
import type { DeliveryView } from '../../core/announcements/list.ts';
import { announcementPosts } from '../../core/announcements/posts.ts';
import type { AnnouncementView } from '../../core/announcements/view.ts';
import type { ReplyView } from '../../core/replies/list.ts';
import type { Unit } from '../../core/unit.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { GroupRef } from './groups.ts';
import { postOnce } from './post-once.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import {
  AudienceSchema,
  absentReminders,
  Bilingual,
  ChannelSchema,
  IdempotencyHeader,
  IdParam,
  Instant,
  iso,
  isoOrNull,
  json,
  jsonBody,
  LanguageSchema,
  PageQuery,
  pageOf,
  present,
  RemindersSchema,
} from './schemas.ts';

const AnnouncementInput = z
  .strictObject({
    title: Bilingual,
    text: Bilingual,
    link: z.string().optional(),
    audience: AudienceSchema.optional(),
    groups: z
      .array(z.string())
      .max(100)
      .optional()
      .openapi({ description: 'Ids of groups it is posted in as well, see GET /groups.' }),
    confirm: z.boolean(),
    urgent: z.boolean().optional().openapi({ description: 'Sent in quiet hours too.' }),
    replies: z
      .boolean()
      .optional()
      .openapi({ description: 'Members may write back under it; true when absent.' }),
    attachment: z
      .strictObject({ fileName: z.string(), contentType: z.string(), data: z.base64() })
      .optional()
      .openapi({ description: 'One picture or file, at most 10 MB, base64.' }),
    sendAt: Instant.optional().openapi({ description: 'Absent or past = now.' }),
    reminders: RemindersSchema.optional().openapi({
      description: `Only to those who have not confirmed. ${absentReminders}, when confirm is true.`,
    }),
    overrideParity: z.boolean().optional().openapi({
      description: 'Send although a language is missing, or numbers, dates or links differ between them.',
    }),
  })
  .openapi('AnnouncementInput');

const Status = z.enum(['scheduled', 'sending', 'sent', 'paused', 'stopped']);
const Created = z.object({ id: z.string(), status: Status }).openapi('AnnouncementCreated');

const Counts = z
  .object({
    recipients: z.int(),
    pending: z.int().openapi({ description: 'Waiting or being sent.' }),
    accepted: z.int().openapi({ description: 'Taken by the messenger; the confirmed ones are among them.' }),
    unknown: z.int().openapi({ description: 'Sent, but the messenger never said whether it took it.' }),
    unreachable: z.int(),
    failed: z.int(),
    confirmed: z.int(),
    replies: z.int(),
  })
  .openapi('AnnouncementCounts', {
    description: 'pending + accepted + unknown + unreachable + failed = recipients.',
  });

const Announcement = z
  .object({
    id: z.string(),
    status: Status,
    title: Bilingual,
    text: Bilingual,
    link: z.string().nullable(),
    audience: AudienceSchema,
    confirm: z.boolean(),
    urgent: z.boolean(),
    replies: z.boolean(),
    reminders: RemindersSchema,
    sendAt: z.string(),
    createdAt: z.string(),
    counts: Counts,
  })
  .openapi('Announcement');

const Post = z
  .object({
    group: GroupRef,
    status: z.enum(['pending', 'sending', 'accepted', 'unknown', 'unreachable', 'failed']),
    reason: z.string().nullable(),
    postedAt: z.string().nullable(),
  })
  .openapi('GroupPost', { description: 'What is posted in a group is to nobody: no count counts it.' });

const AnnouncementReport = Announcement.extend({
  groups: z.array(Post),
  secondsToHalf: z.number().nullable().openapi({
    description: 'From the beginning of the sending until half of the recipients had confirmed.',
  }),
  secondsTo90: z.number().nullable(),
}).openapi('AnnouncementReport');

const Delivery = z
  .object({
    id: z.string(),
    member: z.object({ id: z.string(), name: z.string() }).nullable(),
    company: z.object({ id: z.string(), name: z.string() }).nullable(),
    status: z.enum(['pending', 'sending', 'accepted', 'confirmed', 'unknown', 'unreachable', 'failed']),
    reason: z.string().nullable(),
    language: LanguageSchema.nullable(),
    channel: ChannelSchema.nullable(),
    acceptedAt: z.string().nullable(),
    confirmedAt: z.string().nullable(),
  })
  .openapi('Delivery');

const Reply = z
  .object({
    id: z.string(),
    member: z.object({ id: z.string(), name: z.string() }),
    company: z.object({ id: z.string(), name: z.string() }).nullable(),
    text: z.string(),
    at: z.string(),
    handledAt: z.string().nullable(),
    answers: z.array(z.object({ id: z.string(), text: z.string(), at: z.string() })),
  })
  .openapi('Reply');

const create = createRoute({
  method: 'post',
  path: '/announcements',
  summary: 'Send or schedule an announcement',
  request: { headers: IdempotencyHeader, body: jsonBody(AnnouncementInput) },
  responses: { 201: json('It is being sent or waits for its time', Created), ...problemResponses },
});

const list = createRoute({
  method: 'get',
  path: '/announcements',
  summary: 'Announcements, newest first',
  request: { query: PageQuery },
  responses: { 200: json('A page of announcements', pageOf(Announcement)), ...problemResponses },
});

const one = createRoute({
  method: 'get',
  path: '/announcements/{id}',
  summary: 'An announcement and how it stands',
  request: { params: IdParam },
  responses: { 200: json('The announcement with its counts', AnnouncementReport), ...problemResponses },
});

const deliveries = createRoute({
  method: 'get',
  path: '/announcements/{id}/deliveries',
  summary: 'Each recipient and what is known of the way there',
  request: { params: IdParam, query: PageQuery },
  responses: { 200: json('A page of deliveries', pageOf(Delivery)), ...problemResponses },
});

const replies = createRoute({
  method: 'get',
  path: '/announcements/{id}/replies',
  summary: 'What members wrote back, newest first, with the answers',
  request: { params: IdParam, query: PageQuery },
  responses: { 200: json('A page of replies', pageOf(Reply)), ...problemResponses },
});

const steps = {
  pause: { act: pauseAnnouncement, summary: 'Hold what has not left yet' },
  resume: { act: resumeAnnouncement, summary: 'Go on sending' },
  stop: { act: stopAnnouncement, summary: 'Send nothing more of it, reminders included' },
} as const;

function stepRoute(step: keyof typeof steps) {
  return createRoute({
    method: 'post',
    path: `/announcements/{id}/${step}`,
    summary: steps[step].summary,
    request: { headers: IdempotencyHeader, params: IdParam },
    responses: { 200: json('How it stands now', Created), ...problemResponses },
  });
}

export function announcementRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { core } = deps;
  const api = newRouter();
  api.openapi(create, async (c) => {
    const input = c.req.valid('json');
    return postOnce(c, deps, async (unit) => ({
      status: 201,
      body: await createAnnouncement(unit, await toDraft(unit, input), null),
    }));
  });
  api.openapi(list, async (c) => {
    const page = await listAnnouncements(core.db, present(c.req.valid('query')));
    const items = page.items.map((item) => ({ ...toAnnouncement(item), counts: item.counts }));
    return c.json({ items, next: page.next }, 200);
  });
  api.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    const report = await announcementReport(core.db, id);
    const { counts, secondsToHalf, secondsTo90 } = report;
    const groups = (await announcementPosts(core.db, id)).map((p) => ({
      ...p,
      postedAt: isoOrNull(p.postedAt),
    }));
    return c.json({ ...toAnnouncement(report), counts, groups, secondsToHalf, secondsTo90 }, 200);
  });
  api.openapi(deliveries, async (c) => {
    const { id } = c.req.valid('param');
    const page = await announcementDeliveries(core.db, id, present(c.req.valid('query')));
    return c.json({ items: page.items.map(toDelivery), next: page.next }, 200);
  });
  api.openapi(replies, async (c) => {
    const { id } = c.req.valid('param');
    const page = await announcementReplies(core.db, id, present(c.req.valid('query')));
    return c.json({ items: page.items.map(toReply), next: page.next }, 200);
  });
  for (const step of ['pause', 'resume', 'stop'] as const) {
    api.openapi(stepRoute(step), async (c) =>
      postOnce(c, deps, async (unit) => {
        const { id } = c.req.valid('param');
        await steps[step].act(unit, id);
        const { status } = await announcementReport(unit.db, id);
        return { status: 200, body: { id, status } };
      }),
    );
  }
  return api;
}

async function toDraft(unit: Unit, input: z.infer<typeof AnnouncementInput>): Promise<AnnouncementDraft> {
  const { sendAt, attachment, ...rest } = input;
  const file = attachment && {
    fileName: attachment.fileName,
    contentType: attachment.contentType,
    data: new Uint8Array(Buffer.from(attachment.data, 'base64')),
  };
  return {
    ...(present(rest) as Omit<AnnouncementDraft, 'sendAt'>),
    ...(sendAt === undefined ? {} : { sendAt: Date.parse(sendAt) }),
    ...(file ? { attachmentId: await addAttachment(unit, file) } : {}),
  };
}

function toAnnouncement(a: AnnouncementView): Omit<z.infer<typeof Announcement>, 'counts'> {
  const { id, status, title, text, link, audience, confirm, urgent, repliesAllowed, reminders } = a;
  return {
    ...{ id, status, title, text, link, confirm, urgent, reminders, replies: repliesAllowed },
    audience: audience as z.infer<typeof AudienceSchema>,
    sendAt: iso(a.sendAt),
    createdAt: iso(a.createdAt),
  };
}

function toDelivery(d: DeliveryView): z.infer<typeof Delivery> {
  const { id, member, company, status, reason, language, channel } = d;
  return {
    ...{ id, member, company, status, reason, language, channel },
    acceptedAt: isoOrNull(d.acceptedAt),
    confirmedAt: isoOrNull(d.confirmedAt),
  };
}

function toReply({ id, member, company, text, at, handledAt, answers }: ReplyView): z.infer<typeof Reply> {
  return {
    ...{ id, member, company, text },
    at: iso(at),
    handledAt: isoOrNull(handledAt),
    answers: answers.map((a) => ({ id: a.id, text: a.text, at: iso(a.at) })),
  };
}
