import { type GroupView, listGroups } from '../../../core/groups/group.ts';
import { ActionButton, Card, Tag } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';
import { live } from '../../layout/page.tsx';
import type { Messenger } from './states.ts';

/** The groups Wici can post in there, each with its Join button. Nothing where a messenger has none. */
export const GroupsCard = async ({ view, messenger }: { view: StaffView; messenger: Messenger }) => {
  const { t } = view;
  const { channel, adapter } = messenger;
  if (!adapter?.capabilities.groups) return null;
  const groups = await listGroups(view.deps.core.db, channel);
  return (
    <Card title={t('groups:console.title')} {...live('groups', `/messengers/${channel}`)}>
      <p class="muted">{t(`groups:console.how.${channel}`)}</p>
      {groups.length > 0 && (
        <ul class="rows">
          {groups.map((group) => (
            <Row view={view} group={group} />
          ))}
        </ul>
      )}
      {channel !== 'telegram' && (
        <div>
          <ActionButton action={`/messengers/${channel}/groups`}>{t('groups:console.look')}</ActionButton>
        </div>
      )}
    </Card>
  );
};

const Row = ({ view, group }: { view: StaffView; group: GroupView }) => {
  const { t } = view;
  return (
    <li class="row">
      <div class="tight">
        <strong>{groupName(group)}</strong>
        <span class="muted">{about(view, group)}</span>
        {group.invitationId && (
          <a href={`/invitations/${group.invitationId}`}>{t('groups:console.invitation')}</a>
        )}
      </div>
      {group.open ? (
        <ActionButton
          action={`/messengers/${group.channel}/groups/${group.id}/join`}
          confirm={t('groups:console.postSure', { group: groupName(group) })}
        >
          {t('groups:console.post')}
          <span class="ds-sr-only"> {groupName(group)}</span>
        </ActionButton>
      ) : (
        <Tag tone="warning">{t('groups:console.closed')}</Tag>
      )}
    </li>
  );
};

export const groupName = ({ title, place }: Pick<GroupView, 'title' | 'place'>) =>
  place === null ? title : `${title} (${place})`;

/** Anybody may let a bot in: who did is said where it is known, and that it is not. */
function about({ t }: StaffView, group: GroupView): string {
  if (group.channel !== 'telegram')
    return t(`groups:console.joinButton.${group.invitationId ? 'on' : 'off'}`);
  return group.letInBy
    ? t('groups:console.letInBy', { name: group.letInBy.name })
    : t('groups:console.letInByUnknown');
}
