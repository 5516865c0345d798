import type { ChannelName } from '../channels/channel-name.ts';
import { DomainError } from '../domain-error.ts';
import { dedupeKey, enqueue } from '../outbox.ts';
import { changeAnnouncement, findAnnouncement, lockAnnouncement } from '../store/announcements.ts';
import { type Delivery, postsOf } from '../store/deliveries.ts';
import { moveDeliveries } from '../store/delivery-status.ts';
import { changeGroup, groupsByIds } from '../store/groups.ts';
import type { Db } from '../store/schema.ts';
import { atOnce } from '../store/wait.ts';
import type { Unit } from '../unit.ts';
import { groupsOf, topicOf } from './announcement.ts';

/** The purpose of what is posted in a group: it is to nobody, so whatever counts people counts 'main' alone. */
export const groupPurpose = 'group';

/** An announcement in one of the groups chosen for it. */
export interface GroupPost {
  readonly group: {
    readonly id: string;
    readonly channel: ChannelName;
    readonly title: string;
    readonly place: string | null;
  };
  /** pending also while the announcement waits for its time. */
  readonly status: Delivery['status'];
  readonly reason: string | null;
  /** Epoch ms. */
  readonly postedAt: number | null;
}

/** Writes a delivery for each group chosen, those written already aside. */
export async function postInGroups(unit: Unit, id: string): Promise<void> {
  const announcement = await lockAnnouncement(unit.db, id);
  if (announcement?.status !== 'sending') return;
  const subject = { kind: 'announcement', id } as const;
  const groupIds = groupsOf(announcement);
  if (groupIds.length === 0) return;
  await enqueue(
    unit,
    groupIds.map((groupId) => ({
      ...{ to: { groupId }, subject, purpose: groupPurpose, lane: 'broadcast' },
      dedupeKey: dedupeKey(subject, groupPurpose, groupId),
      quiet: announcement.urgent === 0,
    })),
  );
  unit.ring({ kind: 'changed', topic: topicOf(id) });
}

/** How an announcement stands in its groups, in the order they were chosen. */
export async function announcementPosts(db: Db, id: string): Promise<GroupPost[]> {
  const announcement = await findAnnouncement(db, id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  const groupIds = groupsOf(announcement);
  const groups = new Map((await groupsByIds(db, groupIds)).map((g) => [g.id, g]));
  const posts = new Map((await postsOf(db, 'announcement', id)).map((d) => [d.group_id, d]));
  return groupIds.flatMap((groupId) => {
    const group = groups.get(groupId);
    if (!group) return [];
    const { channel, title, place } = group;
    const post = posts.get(groupId);
    return [
      {
        group: { id: groupId, channel, title, place },
        status: post?.status ?? (announcement.status === 'stopped' ? 'failed' : 'pending'),
        reason: post?.reason ?? null,
        postedAt: post?.accepted_at ?? null,
      },
    ];
  });
}

/**
 * Tries once more to post in a group what could not be posted, or may not have been: staff have seen to it. Throws
 * DomainErrors 'common:errors.notFound', 'announcements:errors.notResendable'.
 */
export async function postAgain(unit: Unit, id: string, groupId: string): Promise<void> {
  const announcement = await lockAnnouncement(unit.db, id);
  const post = (await postsOf(unit.db, 'announcement', id)).find((d) => d.group_id === groupId);
  if (!announcement || !post) throw new DomainError('common:errors.notFound');
  const over = ['unreachable', 'failed', 'unknown'].includes(post.status);
  if (!over || (announcement.status !== 'sending' && announcement.status !== 'sent')) {
    throw new DomainError('announcements:errors.notResendable');
  }
  await changeGroup(unit.db, groupId, { status: 'open' });
  const again = { status: 'pending', reason: null, attempts: 0, ...atOnce } as const;
  await moveDeliveries(unit.db, ['unreachable', 'failed', 'unknown'], (e) => e('id', '=', post.id), again);
  await changeAnnouncement(unit.db, id, { status: 'sending' });
  unit.ring({ kind: 'deliver', ids: [post.id], lane: post.lane });
  unit.ring({ kind: 'changed', topic: topicOf(id) });
}
