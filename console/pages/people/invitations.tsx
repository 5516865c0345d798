import { type InvitationView, listInvitations } from '../../../core/invitations/list.ts';
import { Pager } from '../../components/pager.tsx';
import { Card, Empty, LinkButton, TableBox, Tag, type Tone } from '../../components/ui.tsx';
import { type App, staffView, type View } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';
import { PeopleTabs } from './tabs.tsx';

export function invitationsPage(app: App): void {
  app.get('/invitations', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const cursor = c.req.query('cursor');
    const { items, next } = await listInvitations(view.deps.core.db, view.now, cursor ? { cursor } : {});
    return c.html(
      <Page
        view={view}
        title={t('console:nav.people')}
        flash={takeFlash(c)}
        topics={['members']}
        actions={
          <LinkButton href="/invitations/new" icon="plus">
            {t('console:people.invite')}
          </LinkButton>
        }
      >
        <PeopleTabs view={view} />
        <Card class="flush" {...live('invitations', `/invitations?cursor=${cursor ?? ''}`)}>
          {items.length === 0 ? (
            <Empty icon="link" title={t('console:invitations.none')}>
              <p>{t('console:invitations.noneHint')}</p>
            </Empty>
          ) : (
            <InvitationsTable view={view} invitations={items} />
          )}
          <Pager view={view} next={next} query={{ cursor }} />
        </Card>
      </Page>,
    );
  });
}

export function invitationTitle(view: View, invitation: InvitationView): string {
  const { t } = view;
  if (invitation.kind === 'network') return t('console:invitations.openLink');
  if (invitation.kind === 'group') return t('groups:invitation.title', { group: invitation.name ?? '–' });
  if (invitation.kind === 'company') {
    return t('console:invitations.forCompany', { name: invitation.company?.name ?? '–' });
  }
  return invitation.member?.name || invitation.name || t('console:invitations.unnamed');
}

const InvitationsTable = ({ view, invitations }: { view: View; invitations: readonly InvitationView[] }) => {
  const { t, formats } = view;
  return (
    <TableBox label={t('console:people.invitations')}>
      <table class="ds-table stackable">
        <thead>
          <tr>
            <th scope="col">{t('console:invitations.who')}</th>
            <th scope="col">{t('console:people.company')}</th>
            <th scope="col">{t('console:people.state')}</th>
            <th scope="col">{t('console:invitations.made')}</th>
            <th scope="col">{t('console:invitations.expires')}</th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((i) => (
            <tr>
              <th scope="row">
                <a href={`/invitations/${i.id}`}>{invitationTitle(view, i)}</a>
              </th>
              <td>{i.company?.name ?? '–'}</td>
              <td class="end">
                <InvitationTag view={view} invitation={i} />
              </td>
              <td>{formats.short(i.createdAt)}</td>
              <td>{i.expiresAt === null ? t('console:invitations.never') : formats.short(i.expiresAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};

const tones: Record<InvitationView['state'], Tone> = {
  created: 'neutral',
  sent: 'info',
  opened: 'warning',
  joined: 'success',
  expired: 'neutral',
  revoked: 'danger',
};

export const InvitationTag = ({ view, invitation }: { view: View; invitation: InvitationView }) => (
  <Tag tone={tones[invitation.state]}>
    {view.t(`people:invitation.state.${invitation.state}`)}
    {invitation.kind !== 'personal' && invitation.joinedCount > 0 && ` (${invitation.joinedCount})`}
  </Tag>
);
