import { describeProblem } from '../../../core/announcements/index.ts';
import type { DomainError } from '../../../core/domain-error.ts';
import { previewPoll } from '../../../core/polls/preview.ts';
import { audienceOptions, audienceWords, readAudience } from '../../audience-form.ts';
import { ErrorNote, type FormError, Hidden } from '../../components/fields.tsx';
import { HeldBack } from '../../components/held-back.tsx';
import { lookField, Previews } from '../../components/message.tsx';
import { besideTick, ParityCard } from '../../components/parity-card.tsx';
import { QuietNote } from '../../components/quiet-note.tsx';
import { SendButton } from '../../components/send-button.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { inLanguages } from '../../draft-blocks.ts';
import { type Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { Reach } from '../audience-reach.tsx';
import { atItsRow, freshPoll, readPoll } from './draft.ts';
import { PollForm } from './form.tsx';
import { pollRemindersWords } from './reminders.ts';

/** Writing a poll: the form, its preview, and back to the form with everything kept. */
export function composePollPages(app: App): void {
  app.get('/polls/new', (c) => {
    const view = staffView(c);
    return showForm(c, view, freshPoll(view));
  });
  app.post('/polls/edit', async (c) => showForm(c, staffView(c), await readForm(c)));
  app.post('/polls/preview', async (c) => showPreviewOf(c, staffView(c), await readForm(c)));
}

/** The preview once more, saying why it was not sent; the form when that is where the fault lies. */
export function previewPollAgain(
  c: Ctx,
  view: StaffView,
  fields: Fields,
  error: DomainError,
): Promise<Response> {
  return showPreviewOf(c, view, fields, besideTick(view, error));
}

async function showPreviewOf(c: Ctx, view: StaffView, fields: Fields, why?: FormError): Promise<Response> {
  try {
    return await showPreview(c, view, fields, why);
  } catch (error) {
    return showForm(c, view, fields, refusal(view, atItsRow(view, fields, error)));
  }
}

async function showForm(c: Ctx, view: StaffView, fields: Fields, error?: FormError): Promise<Response> {
  const options = await audienceOptions(view.deps.core.db, view);
  return c.html(
    <Page
      view={view}
      title={view.t('console:pollForm.newTitle')}
      back={{ href: '/polls', label: view.t('console:nav.polls') }}
    >
      <PollForm view={view} fields={fields} options={options} error={error ?? null} />
    </Page>,
    error ? 422 : 200,
  );
}

async function showPreview(c: Ctx, view: StaffView, fields: Fields, error?: FormError): Promise<Response> {
  const { t, formats, deps } = view;
  const { db, ids } = deps.core;
  const draft = readPoll(view, fields);
  const preview = await previewPoll(db, draft, view.now, [...deps.adapters.keys()]);
  const { blocks, reach, parity, tooFew, reminders } = preview;
  const audience = await audienceWords(db, view, readAudience(fields));
  const kept = fields.entries().filter(([name]) => !['overrideParity', 'once', lookField].includes(name));
  return c.html(
    <Page
      view={view}
      title={t('console:pollForm.previewTitle')}
      lead={t('console:compose.previewLead')}
      back={{ href: '/polls', label: t('console:nav.polls') }}
    >
      <form method="post" action="/polls" class="stack">
        <ErrorNote error={error} />
        <Hidden entries={kept} />
        <input type="hidden" name="once" value={ids.token()} />
        <Card title={t('console:compose.goesTo')}>
          <Reach view={view} reach={reach} />
          <HeldBack view={view} reach={reach} />
          <QuietNote view={view} at={draft.opensAt ?? view.now} urgent={draft.urgent ?? false} />
          {tooFew && (
            <div class="ds-alert" data-color="warning">
              {t('console:pollForm.tooFew', { count: view.network.smallestGroup })}
            </div>
          )}
          <dl class="pairs">
            <dt>{t('console:audience.title')}</dt>
            <dd>{audience ?? t('console:audience.everyone')}</dd>
            <dt>{t('console:pollForm.opens')}</dt>
            <dd>{draft.opensAt === undefined ? t('console:compose.now') : formats.moment(draft.opensAt)}</dd>
            <dt>{t('console:pollForm.closesAt')}</dt>
            <dd>{formats.moment(draft.closesAt)}</dd>
            <dt>{t('console:compose.reminders')}</dt>
            <dd>{pollRemindersWords(view, draft.reminders, reminders)}</dd>
          </dl>
        </Card>
        <ParityCard view={view} problems={parity.map(describeProblem)} />
        <Card title={t('console:compose.looks')}>
          <Previews view={view} messages={await inLanguages(view, blocks)} />
        </Card>
        <div class="submit-bar">
          <SendButton view={view} reach={reach} later={draft.opensAt !== undefined} />
          <button type="submit" class="ds-button" data-variant="secondary" formaction="/polls/edit">
            {t('console:compose.change')}
          </button>
        </div>
      </form>
    </Page>,
    error ? 422 : 200,
  );
}
