import { dropHeld, sendHeld } from '../../core/restorations/settle.ts';
import { type HeldBroadcast, type RestorationView, restorationView } from '../../core/restorations/view.ts';
import type { Unit } from '../../core/unit.ts';
import { ActionButton, Card, TableBox } from '../components/ui.tsx';
import { type App, type StaffView, staffView } from '../context.ts';
import { takeFlash } from '../flash.ts';
import { act } from '../forms.ts';
import { Page } from '../layout/page.tsx';

const decisions: Readonly<Record<'send' | 'drop', (unit: Unit) => Promise<void>>> = {
  send: sendHeld,
  drop: dropHeld,
};

/** After a restoration from a backup: what waited then may have been sent since, so staff decide what becomes of it. */
export function restoredPage(app: App): void {
  app.get('/restored', async (c) => {
    const view = staffView(c);
    const restoration = await restorationView(view.deps.core.db);
    if (!restoration) return c.redirect('/', 303);
    return c.html(
      <Page
        view={view}
        title={view.t('copies:restored.title')}
        flash={takeFlash(c)}
        lead={view.t('copies:restored.lead', {
          taken: view.formats.moment(restoration.takenAt),
          restored: view.formats.moment(restoration.restoredAt),
        })}
      >
        <Kept view={view} restoration={restoration} />
        <Decision view={view} />
        <Card title={view.t('copies:restored.backTitle')}>
          <p>{view.t('copies:restored.backText')}</p>
        </Card>
      </Page>,
    );
  });
  for (const [decision, settle] of Object.entries(decisions)) {
    app.post(`/restored/${decision}`, (c) => {
      const { core } = staffView(c).deps;
      return act(c, '/', { key: `copies:restored.done.${decision}` }, () => core.transaction(settle));
    });
  }
}

const Kept = ({ view, restoration }: { view: StaffView; restoration: RestorationView }) => {
  const { messages, broadcasts } = restoration;
  return (
    <Card title={view.t('copies:restored.keptTitle')}>
      <p>{view.t('copies:restored.kept', { count: messages })}</p>
      {broadcasts.length > 0 && <BroadcastTable view={view} broadcasts={broadcasts} />}
    </Card>
  );
};

const BroadcastTable = ({ view, broadcasts }: { view: StaffView; broadcasts: readonly HeldBroadcast[] }) => {
  const { t, formats } = view;
  return (
    <TableBox label={t('copies:restored.keptTitle')}>
      <table class="ds-table">
        <thead>
          <tr>
            <th scope="col">{t('copies:restored.what')}</th>
            <th scope="col">{t('copies:restored.messages')}</th>
            <th scope="col">{t('copies:restored.due')}</th>
          </tr>
        </thead>
        <tbody>
          {broadcasts.map(({ kind, id, title, messages, due }) => (
            <tr>
              <th scope="row">
                <a href={`/${kind}s/${id}`}>{view.words(title)}</a>
              </th>
              <td>{formats.number(messages)}</td>
              <td>
                {due.length > 0 ? formats.list(due.map((step) => t(`copies:restored.step.${step}`))) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};

const Decision = ({ view: { t } }: { view: StaffView }) => (
  <Card title={t('copies:restored.decide')}>
    <p>{t('copies:restored.decideText')}</p>
    <div class="actions">
      <ActionButton action="/restored/send" confirm={t('copies:restored.sendSure')}>
        {t('copies:restored.send')}
      </ActionButton>
      <ActionButton action="/restored/drop" color="danger" confirm={t('copies:restored.dropSure')}>
        {t('copies:restored.drop')}
      </ActionButton>
    </div>
  </Card>
);
