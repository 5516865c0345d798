import { loadDemo } from '../../core/demo/load.ts';
import { removeDemo } from '../../core/demo/remove.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { allCompanies } from '../../core/store/companies.ts';
import { demoLoaded } from '../../core/store/demo.ts';
import { administratorView, missing } from '../access.ts';
import { type App, staffView } from '../context.ts';
import { act } from '../forms.ts';

/** The demo network: loaded and removed by one press each, and entered as one of its people. */
export function demoActions(app: App): void {
  app.post('/demo/load', (c) => {
    const { core } = administratorView(c).deps;
    return act(c, '/', { key: 'console:demo.loaded' }, () => core.transaction((unit) => loadDemo(unit)));
  });
  app.post('/demo/remove', (c) => {
    const { core } = administratorView(c).deps;
    return act(c, '/settings', { key: 'console:demo.removed' }, () =>
      core.transaction((unit) => removeDemo(unit)),
    );
  });
  app.post('/demo/try', async (c) => {
    const view = staffView(c);
    const { core } = view.deps;
    if (!(await demoLoaded(core.db))) missing();
    const companyId = (await allCompanies(core.db)).find((company) => company.demo === 1)?.id;
    const { code } = await core.transaction((unit) =>
      createInvitation(unit, {
        kind: 'personal',
        language: view.language,
        createdBy: view.member.id,
        ...(companyId ? { companyId } : {}),
      }),
    );
    return c.redirect(`/chat?i=${code}`, 303);
  });
}
