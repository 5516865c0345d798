import { createSignInLink } from '../../../core/sign-in/sign-in.ts';
import { findMember } from '../../../core/store/members.ts';
import { administratorView, missing } from '../../access.ts';
import { CopyLine } from '../../components/share.tsx';
import { Card } from '../../components/ui.tsx';
import type { App } from '../../context.ts';
import { Page } from '../../layout/page.tsx';

/** A one-time link for a colleague, shown once: it is handed over by whatever way people trust. */
export function signInLinkPage(app: App): void {
  app.post('/members/:id/sign-in-link', async (c) => {
    const view = administratorView(c);
    const { core, config } = view.deps;
    const member = await findMember(core.db, c.req.param('id'));
    if (!member) return missing();
    const secret = await core.transaction((unit) => createSignInLink(unit, member.id));
    const { t } = view;
    return c.html(
      <Page
        view={view}
        title={t('console:people.signInLink')}
        back={{ href: `/members/${member.id}`, label: member.name }}
      >
        <Card class="narrow">
          <p>{t('console:people.signInLinkHint', { name: member.name })}</p>
          <CopyLine view={view} text={`${config.url}/sign-in/${secret}`} id="copied" />
        </Card>
      </Page>,
    );
  });
}
