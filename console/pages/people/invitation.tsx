import { markSent, revokeInvitation } from '../../../core/invitations/invitation.ts';
import { findInvitationView, type InvitationView } from '../../../core/invitations/list.ts';
import { administratorView, isAdministrator, missing } from '../../access.ts';
import { ShareLinks } from '../../components/share.tsx';
import { ActionButton, Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView, type View } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { act } from '../../forms.ts';
import { live, Page } from '../../layout/page.tsx';
import { InvitationTag, invitationTitle } from './invitations.tsx';

export function invitationPage(app: App): void {
  app.get('/invitations/:id', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const invitation = await findInvitationView(view.deps.core.db, c.req.param('id'), view.now);
    if (!invitation) return missing();
    return c.html(
      <Page
        view={view}
        title={invitationTitle(view, invitation)}
        flash={takeFlash(c)}
        topics={['members']}
        back={{ href: '/invitations', label: t('console:people.invitations') }}
      >
        <Card title={t('console:invitations.links')}>
          {!mayHold(view, invitation) ? (
            <p class="muted">{t('people:errors.invitationTooHigh')}</p>
          ) : usable(invitation) ? (
            <>
              <p class="muted">{t(`console:invitations.how.${invitation.kind}`)}</p>
              <ShareLinks view={view} code={invitation.code} />
              <Steps invitation={invitation} view={view} />
            </>
          ) : (
            <p class="muted">{t('console:invitations.over')}</p>
          )}
        </Card>
        <State view={view} invitation={invitation} />
      </Page>,
    );
  });
  app.post('/invitations/:id/sent', step('markedSent', markSent));
  app.post('/invitations/:id/revoke', step('revoked', revokeInvitation));
}

function step(done: string, change: typeof markSent) {
  return async (c: Ctx): Promise<Response> => {
    const id = c.req.param('id') ?? '';
    const view = staffView(c);
    const { core } = view.deps;
    const invitation = await findInvitationView(core.db, id, view.now);
    if (!invitation) return missing();
    // The open link is the whole network's: it is replaced in its settings.
    if (!mayHold(view, invitation) || invitation.kind === 'network') administratorView(c);
    return act(c, `/invitations/${id}`, { key: `console:invitations.${done}` }, () =>
      core.transaction((unit) => change(unit, id)),
    );
  };
}

/** Who holds the link becomes its person: those that make staff are shown to administrators alone. */
const mayHold = (view: StaffView, { gives }: InvitationView) => gives === 'member' || isAdministrator(view);

const usable = ({ state, kind }: InvitationView) =>
  state !== 'revoked' && state !== 'expired' && !(state === 'joined' && kind === 'personal');

const Steps = ({ view, invitation }: { view: View; invitation: InvitationView }) => (
  <div class="actions">
    {invitation.state === 'created' && (
      <ActionButton action={`/invitations/${invitation.id}/sent`} icon="check">
        {view.t('console:invitations.markSent')}
      </ActionButton>
    )}
    <ActionButton
      action={`/invitations/${invitation.id}/revoke`}
      variant="tertiary"
      color="danger"
      confirm={view.t('console:invitations.revokeSure')}
    >
      {view.t('console:invitations.revoke')}
    </ActionButton>
  </div>
);

const State = ({ view, invitation }: { view: View; invitation: InvitationView }) => {
  const { t, formats } = view;
  const moments = [
    ['made', invitation.createdAt],
    ['sentAt', invitation.sentAt],
    ['openedAt', invitation.openedAt],
    ['joinedAt', invitation.joinedAt],
    ['revokedAt', invitation.revokedAt],
    ['expires', invitation.expiresAt],
  ] as const;
  return (
    <Card title={t('console:people.state')} {...live('state', `/invitations/${invitation.id}`)}>
      <div>
        <InvitationTag view={view} invitation={invitation} />
      </div>
      <dl class="pairs">
        {moments.map(
          ([key, at]) =>
            at !== null && (
              <>
                <dt>{t(`console:invitations.${key}`)}</dt>
                <dd>{formats.moment(at)}</dd>
              </>
            ),
        )}
        {invitation.role !== 'member' && (
          <>
            <dt>{t('console:people.role')}</dt>
            <dd>{t(`people:role.${invitation.role}`)}</dd>
          </>
        )}
      </dl>
    </Card>
  );
};
