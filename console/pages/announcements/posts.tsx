import { announcementPosts, type GroupPost } from '../../../core/announcements/posts.ts';
import { ActionButton, Card, Tag, type Tone } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';
import { groupName } from '../messengers/groups-card.tsx';

const tones: Readonly<Record<GroupPost['status'], Tone>> = {
  pending: 'info',
  sending: 'info',
  accepted: 'success',
  unknown: 'warning',
  unreachable: 'danger',
  failed: 'danger',
};

/** How an announcement stands in its groups; nobody's figure. Nothing when it is in none. */
export const Posts = async ({ view, id }: { view: StaffView; id: string }) => {
  const posts = await announcementPosts(view.deps.core.db, id);
  if (posts.length === 0) return null;
  return (
    <Card title={view.t('groups:posts.title')}>
      <ul class="rows">
        {posts.map((post) => (
          <Row view={view} id={id} post={post} />
        ))}
      </ul>
    </Card>
  );
};

const Row = ({ view, id, post }: { view: StaffView; id: string; post: GroupPost }) => {
  const { t, formats } = view;
  const { group, status, reason, postedAt } = post;
  const over = status === 'unreachable' || status === 'failed' || status === 'unknown';
  return (
    <li class="row">
      <div class="tight">
        <strong>{groupName(group)}</strong>
        <span class="muted">
          {t(`delivery:channel.${group.channel}`)}
          {postedAt !== null && `, ${formats.short(postedAt)}`}
        </span>
        {reason && <span>{t(`delivery:reason.${reason}`)}</span>}
        {reason === 'groupClosed' && <span>{t(`groups:advice.${group.channel}`)}</span>}
      </div>
      <div class="actions">
        <Tag tone={tones[status]}>{t(`groups:posts.${status}`)}</Tag>
        {over && reason !== 'stopped' && (
          <ActionButton action={`/announcements/${id}/groups/${group.id}/post`}>
            {t('groups:posts.again')}
            <span class="ds-sr-only"> {groupName(group)}</span>
          </ActionButton>
        )}
      </div>
    </li>
  );
};
