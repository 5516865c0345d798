import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type GroupView, listGroups } from '../../core/groups/group.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { problemResponses } from './problem.ts';
import { newRouter } from './router.ts';
import { ChannelSchema, json } from './schemas.ts';

/** A group as other answers name it. */
export const GroupRef = z
  .object({
    id: z.string(),
    channel: ChannelSchema,
    title: z.string(),
    place: z
      .string()
      .nullable()
      .openapi({ description: 'The server it belongs to, where there may be several.' }),
  })
  .openapi('GroupRef');

const Group = GroupRef.extend({
  open: z.boolean().openapi({ description: 'False: the messenger does not let Wici post there.' }),
  joinButton: z
    .boolean()
    .openapi({ description: 'Staff invited the group: its Join button lets people in.' }),
}).openapi('Group');

const list = createRoute({
  method: 'get',
  path: '/groups',
  summary: 'Chats shared by many people in which announcements can be posted',
  responses: { 200: json('All of them', z.object({ items: z.array(Group) })), ...problemResponses },
});

export function groupRoutes({ core }: Pick<ApiDeps, 'core'>): OpenAPIHono<ApiEnv> {
  const router = newRouter();
  router.openapi(list, async (c) => c.json({ items: (await listGroups(core.db)).map(toGroup) }, 200));
  return router;
}

function toGroup({ id, channel, title, place, open, invitationId }: GroupView): z.infer<typeof Group> {
  return { id, channel, title, place, open, joinButton: invitationId !== null };
}
