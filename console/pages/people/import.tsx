import { applyImport } from '../../../core/companies/import/apply.ts';
import {
  type ImportLine,
  type ImportPlan,
  planImport,
  type Verdict,
} from '../../../core/companies/import/plan.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { administratorView } from '../../access.ts';
import { ErrorNote, FileField, type FormError } from '../../components/fields.tsx';
import { Card, LinkButton, Stat, TableBox, Tag, type Tone } from '../../components/ui.tsx';
import type { App, Ctx, StaffView, View } from '../../context.ts';
import { setFlash } from '../../flash.ts';
import { type Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { PeopleTabs } from './tabs.tsx';

/** Companies and people from a CSV file: first what it would do line by line, then done. */
export function importPage(app: App): void {
  app.get('/import', (c) => showUpload(c, administratorView(c)));
  app.post('/import/preview', async (c) => {
    const view = administratorView(c);
    const file = (await readForm(c)).file('file');
    try {
      if (!file) throw new DomainError('console:import.noFile', {}, 'file');
      const bytes = new Uint8Array(await file.arrayBuffer());
      const plan = await planImport(view.deps.core.db, bytes);
      return showPlan(c, view, plan, Buffer.from(bytes).toString('base64'));
    } catch (error) {
      return showUpload(c, view, { ...refusal(view, error), field: 'file' });
    }
  });
  app.post('/import', async (c) => {
    const view = administratorView(c);
    const { core } = view.deps;
    const bytes = readKept(await readForm(c));
    try {
      const { counts } = await core.transaction((unit) => applyImport(unit, bytes));
      setFlash(c, {
        kind: 'success',
        key: 'console:import.done',
        params: { added: counts.add, changed: counts.change, refused: counts.refuse },
      });
      return c.redirect('/companies', 303);
    } catch (error) {
      return showUpload(c, view, refusal(view, error));
    }
  });
}

/** The file as it was previewed; it waits in the page, so nothing of it is stored before it is wanted. */
function readKept(fields: Fields): Uint8Array {
  return new Uint8Array(Buffer.from(fields.text('csv'), 'base64'));
}

function showUpload(c: Ctx, view: StaffView, error?: FormError): Response | Promise<Response> {
  const { t } = view;
  return c.html(
    <Page view={view} title={t('console:nav.people')}>
      <PeopleTabs view={view} />
      <Card title={t('console:import.title')}>
        <p class="muted">{t('console:import.hint')}</p>
        <form
          method="post"
          action="/import/preview"
          enctype="multipart/form-data"
          class="form narrow"
          novalidate
        >
          <ErrorNote error={error} />
          <FileField
            name="file"
            label={t('console:import.file')}
            hint={t('console:import.fileHint')}
            accept=".csv,.txt,text/csv"
            error={error}
          />
          <div>
            <button type="submit" class="ds-button">
              {t('console:compose.preview')}
            </button>
          </div>
        </form>
      </Card>
      <Card title={t('console:import.example')}>
        <pre class="example" tabindex={0}>
          {t('console:import.exampleText')}
        </pre>
      </Card>
    </Page>,
    error ? 422 : 200,
  );
}

function showPlan(c: Ctx, view: StaffView, plan: ImportPlan, csv: string): Response | Promise<Response> {
  const { t, formats } = view;
  const { counts } = plan;
  const work = counts.add + counts.change;
  return c.html(
    <Page view={view} title={t('console:import.previewTitle')} lead={t('console:import.previewLead')}>
      <Card>
        <dl class="stats">
          {(['add', 'change', 'same', 'refuse'] as const).map((verdict) => (
            <Stat label={t(`import:verdict.${verdict}`)} value={formats.number(counts[verdict])} />
          ))}
        </dl>
        {plan.ignored.length > 0 && (
          <p class="muted">{t('console:import.ignored', { columns: plan.ignored.join(', ') })}</p>
        )}
        <form method="post" action="/import" class="actions">
          <input type="hidden" name="csv" value={csv} />
          {work > 0 && (
            <button type="submit" class="ds-button">
              {t('console:import.apply')}
            </button>
          )}
          <LinkButton href="/import" variant="secondary">
            {t('console:import.other')}
          </LinkButton>
        </form>
      </Card>
      <Card class="flush">
        <Lines view={view} lines={plan.lines} />
      </Card>
    </Page>,
  );
}

const tones: Record<Verdict, Tone> = { add: 'success', change: 'info', same: 'neutral', refuse: 'danger' };

const Lines = ({ view, lines }: { view: View; lines: readonly ImportLine[] }) => {
  const { t } = view;
  return (
    <TableBox label={t('console:import.previewTitle')}>
      <table class="ds-table stackable">
        <thead>
          <tr>
            <th scope="col" class="num">
              {t('console:import.line')}
            </th>
            <th scope="col">{t('console:import.what')}</th>
            <th scope="col">{t('console:people.state')}</th>
            <th scope="col">{t('console:people.details')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <td class="num">
                <span class="narrow-only">{t('console:import.line')}</span> {line.line}
              </td>
              <th scope="row">
                {line.label} <span class="muted">({t(`import:kind.${line.kind}`)})</span>
              </th>
              <td class="end">
                <Tag tone={tones[line.verdict]}>{t(`import:verdict.${line.verdict}`)}</Tag>
              </td>
              <td>
                {line.problem
                  ? view.words(line.problem)
                  : line.changes.map((change) => changeWords(view, change)).join('; ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};

function changeWords(view: View, { field, from, to }: ImportLine['changes'][number]): string {
  const name = view.t(`import:field.${field}`);
  const said = (value: string | null) => (value === null ? '–' : valueWords(view, field, value));
  return from === null ? `${name}: ${said(to)}` : `${name}: ${said(from)} → ${said(to)}`;
}

/** Roles and languages are kept as codes. */
function valueWords(view: View, field: string, value: string): string {
  if (field === 'role') return view.t(`people:role.${value}`);
  return field === 'language' ? view.t(`common:language.${value}`) : value;
}
