import { createApiToken, removeApiToken } from '../../../core/api-tokens/api-tokens.ts';
import { administratorView } from '../../access.ts';
import type { App } from '../../context.ts';
import { act, readForm, refusal } from '../../forms.ts';
import { showSettings } from './settings.tsx';

export function tokenActions(app: App): void {
  app.post('/settings/tokens', async (c) => {
    const view = administratorView(c);
    const name = (await readForm(c)).text('tokenName');
    try {
      const { token } = await view.deps.core.transaction((unit) => createApiToken(unit, name));
      return showSettings(c, view, { token });
    } catch (error) {
      return showSettings(c, view, { error: { ...refusal(view, error), field: undefined } });
    }
  });
  app.post('/settings/tokens/:id/revoke', (c) => {
    const { core } = administratorView(c).deps;
    return act(c, '/settings#tokens', { key: 'console:settings.tokenRevoked' }, () =>
      core.transaction((unit) => removeApiToken(unit, c.req.param('id'))),
    );
  });
}
