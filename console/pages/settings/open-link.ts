import { revokeInvitation } from '../../../core/invitations/invitation.ts';
import { administratorView } from '../../access.ts';
import type { App } from '../../context.ts';
import { act, readForm } from '../../forms.ts';

/** Replaces the network's open link: the old one stops working. */
export function openLinkAction(app: App): void {
  app.post('/settings/open-link', async (c) => {
    const { core } = administratorView(c).deps;
    const id = (await readForm(c)).text('id');
    return act(c, '/settings#open-link', { key: 'console:settings.linkReplaced' }, () =>
      core.transaction((unit) => revokeInvitation(unit, id)),
    );
  });
}
