import { hasJoined } from '../../../core/invitations/invitation.ts';
import { inviteAgain } from '../../../core/invitations/invite-again.ts';
import { findMember } from '../../../core/store/members.ts';
import { administratorView, missing } from '../../access.ts';
import { ActionButton, Card, LinkButton } from '../../components/ui.tsx';
import type { App } from '../../context.ts';
import { setFlash, takeFlash } from '../../flash.ts';
import { Page } from '../../layout/page.tsx';

/** Somebody joined and lost their messenger or browser: what will happen, and the button that does it. */
export function inviteAgainPage(app: App): void {
  app.get('/members/:id/invite-again', async (c) => {
    const view = administratorView(c);
    const { t } = view;
    const member = await findMember(view.deps.core.db, c.req.param('id'));
    if (!member || !hasJoined(member)) return missing();
    return c.html(
      <Page
        view={view}
        title={t('people:again.title')}
        flash={takeFlash(c)}
        back={{ href: `/members/${member.id}`, label: member.name }}
      >
        <Card class="narrow">
          <p>{t('people:again.what', { name: member.name })}</p>
          <ul>
            {(['closed', 'link', 'kept', 'sure'] as const).map((point) => (
              <li>{t(`people:again.${point}`)}</li>
            ))}
          </ul>
          <div class="actions">
            <ActionButton action={`/members/${member.id}/invite-again`} variant="primary" icon="link">
              {t('people:again.do')}
            </ActionButton>
            <LinkButton href={`/members/${member.id}`} variant="tertiary">
              {t('people:again.back')}
            </LinkButton>
          </div>
        </Card>
      </Page>,
    );
  });
  app.post('/members/:id/invite-again', async (c) => {
    const { deps, member } = administratorView(c);
    const id = c.req.param('id');
    const invitation = await deps.core.transaction((unit) => inviteAgain(unit, id, member.id));
    setFlash(c, { kind: 'success', key: 'people:again.done' });
    return c.redirect(`/invitations/${invitation.id}`, 303);
  });
}
