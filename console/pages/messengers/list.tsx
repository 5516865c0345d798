import { type App, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { Page } from '../../layout/page.tsx';
import { StateCard } from './state-card.tsx';
import { messengers } from './states.ts';

/** Every messenger Wici can speak on, and how each is now. */
export function messengerList(app: App): void {
  app.get('/messengers', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const all = await messengers(view);
    return c.html(
      <Page
        view={view}
        title={t('console:nav.messengers')}
        lead={t('messengers:lead')}
        flash={takeFlash(c)}
        topics={['messengers']}
      >
        <div class="columns">
          {all.map((messenger) => (
            <StateCard view={view} messenger={messenger} href="/messengers" />
          ))}
        </div>
      </Page>,
    );
  });
}
