import { loadDemo } from '../../core/demo/load.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { administratorView } from '../access.ts';
import { Check, ErrorNote, type FormError, TextField } from '../components/fields.tsx';
import type { App, StaffView } from '../context.ts';
import { setFlash } from '../flash.ts';
import { readForm, refusal } from '../forms.ts';
import { Page } from '../layout/page.tsx';

/** The first sign-in: the network gets its name, and the demo network if wanted. */
export function welcomePage(app: App): void {
  app.get('/welcome', (c) => c.html(<Welcome view={administratorView(c)} name="" demo={true} />));
  app.post('/welcome', async (c) => {
    const view = administratorView(c);
    const fields = await readForm(c);
    const name = fields.text('name');
    const demo = fields.checked('demo');
    try {
      await view.deps.core.transaction(async (unit) => {
        await updateNetwork(unit, { name }, view.network.revision);
        if (demo) await loadDemo(unit);
      });
    } catch (error) {
      return c.html(<Welcome view={view} name={name} demo={demo} error={refusal(view, error)} />, 422);
    }
    setFlash(c, { kind: 'success', key: `console:welcome.${demo ? 'doneDemo' : 'done'}` });
    return c.redirect('/', 303);
  });
}

const Welcome = ({
  view,
  name,
  demo,
  error,
}: {
  view: StaffView;
  name: string;
  demo: boolean;
  error?: FormError;
}) => {
  const { t } = view;
  return (
    <Page view={view} title={t('console:welcome.title')} lead={t('console:welcome.lead')}>
      <div class="card narrow">
        <form method="post" action="/welcome" class="form" novalidate>
          <ErrorNote error={error} />
          <TextField
            name="name"
            label={t('console:welcome.name')}
            hint={t('console:welcome.nameHint')}
            value={name}
            required
            error={error}
          />
          <Check
            name="demo"
            checked={demo}
            label={t('console:welcome.demo')}
            hint={t('console:welcome.demoHint')}
          />
          <div>
            <button type="submit" class="ds-button">
              {t('console:welcome.start')}
            </button>
          </div>
        </form>
      </div>
    </Page>
  );
};
