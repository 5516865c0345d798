import { announcementReport, correctAnnouncement, ParityError } from '../../../core/announcements/index.ts';
import type { AnnouncementReport } from '../../../core/announcements/report.ts';
import { inLanguage } from '../../../core/text.ts';
import { ErrorNote, type FormError, TextField } from '../../components/fields.tsx';
import { besideTick, ParityTick } from '../../components/parity-card.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { setFlash } from '../../flash.ts';
import { Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { atItsField, readAuthored } from './draft.ts';
import { LanguageColumns } from './language-columns.tsx';

/** Changes the words of an announcement, also after it left. */
export function correctPage(app: App): void {
  app.get('/announcements/:id/correct', async (c) => {
    const view = staffView(c);
    const report = await announcementReport(view.deps.core.db, c.req.param('id'));
    return show(c, view, report, standing(report));
  });
  app.post('/announcements/:id/correct', correct);
}

async function correct(c: Ctx): Promise<Response> {
  const view = staffView(c);
  const { core } = view.deps;
  const id = c.req.param('id') ?? '';
  const fields = await readForm(c);
  const link = fields.optional('link');
  const correction = {
    title: readAuthored(view, fields, 'title'),
    text: readAuthored(view, fields, 'text'),
    ...(link ? { link } : {}),
  };
  const revision = fields.revision();
  const overrideParity = fields.checked('overrideParity');
  try {
    await core.transaction((unit) => correctAnnouncement(unit, id, correction, revision, { overrideParity }));
  } catch (error) {
    const parity = error instanceof ParityError;
    const report = await announcementReport(core.db, id);
    const refused = refusal(view, error, standing(report).values());
    const why = parity ? besideTick(view, error) : atItsField(view, refused);
    return show(c, view, report, fields, why, parity);
  }
  setFlash(c, { kind: 'success', key: 'console:report.corrected' });
  return c.redirect(`/announcements/${id}`, 303);
}

function standing(report: AnnouncementReport): Fields {
  const values: [string, string[]][] = (['pl', 'en'] as const).flatMap((language) => [
    [`title.${language}`, [report.title[language] ?? '']],
    [`text.${language}`, [report.text[language] ?? '']],
  ]);
  return new Fields(new Map([...values, ['link', [report.link ?? '']]]));
}

function show(
  c: Ctx,
  view: StaffView,
  report: AnnouncementReport,
  fields: Fields,
  error?: FormError,
  parity = false,
): Response | Promise<Response> {
  const { t } = view;
  return c.html(
    <Page
      view={view}
      title={t('console:report.correctTitle')}
      lead={t('console:report.correctLead')}
      back={{ href: `/announcements/${report.id}`, label: inLanguage(report.title, view.language) }}
    >
      <form method="post" action={`/announcements/${report.id}/correct`} class="stack" novalidate>
        <ErrorNote error={error} />
        <input type="hidden" name="revision" value={String(report.revision)} />
        <Card>
          <LanguageColumns view={view} fields={fields} error={error} />
          <TextField
            name="link"
            type="url"
            label={t('console:compose.link')}
            value={fields.text('link')}
            error={error}
          />
          {parity && <ParityTick view={view} />}
          <div>
            <button type="submit" class="ds-button">
              {t('console:report.saveCorrection')}
            </button>
          </div>
        </Card>
      </form>
    </Page>,
    error ? 422 : 200,
  );
}
