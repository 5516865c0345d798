import type { CompanyView } from '../../../core/companies/company.ts';
import { listCompanies, totalCompanies } from '../../../core/companies/list.ts';
import { listBranches } from '../../../core/network/branches.ts';
import { branchName } from '../../audience-form.ts';
import { Select, TextField } from '../../components/fields.tsx';
import { Pager } from '../../components/pager.tsx';
import { totalWords } from '../../components/total.ts';
import { Card, Empty, LinkButton, TableBox } from '../../components/ui.tsx';
import { type App, staffView, type View } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { Page } from '../../layout/page.tsx';
import { PeopleTabs } from './tabs.tsx';

export function companiesPage(app: App): void {
  app.get('/companies', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const { db } = view.deps.core;
    const query = { q: c.req.query('q'), branch: c.req.query('branch'), cursor: c.req.query('cursor') };
    const branches = await listBranches(db);
    const wanted = {
      ...(query.q ? { search: query.q } : {}),
      ...(query.branch ? { branch: query.branch } : {}),
    };
    const { items, next } = await listCompanies(db, {
      ...wanted,
      ...(query.cursor ? { cursor: query.cursor } : {}),
    });
    const total = await totalCompanies(db, wanted);
    return c.html(
      <Page
        view={view}
        title={t('console:nav.people')}
        flash={takeFlash(c)}
        actions={
          <LinkButton href="/companies/new" icon="plus">
            {t('console:companies.add')}
          </LinkButton>
        }
      >
        <PeopleTabs view={view} />
        <form method="get" action="/companies" class="toolbar">
          <TextField name="q" type="search" label={t('console:companies.search')} value={query.q} />
          <Select
            name="branch"
            label={t('console:companies.branch')}
            value={query.branch}
            options={[
              { value: '', label: t('console:people.any') },
              ...branches.map((b) => ({ value: b.id, label: branchName(view, b) })),
            ]}
          />
          <button type="submit" class="ds-button" data-variant="secondary">
            {t('console:people.filter')}
          </button>
        </form>
        <Card class="flush" title={totalWords(view, 'companies', total)}>
          {items.length === 0 ? (
            <Empty icon="companies" title={t('console:companies.none')}>
              <p>{t('console:companies.noneHint')}</p>
            </Empty>
          ) : (
            <CompaniesTable view={view} companies={items} />
          )}
          <Pager view={view} next={next} query={query} />
        </Card>
      </Page>,
    );
  });
}

const CompaniesTable = ({ view, companies }: { view: View; companies: readonly CompanyView[] }) => {
  const { t, formats } = view;
  return (
    <TableBox label={t('console:people.companies')}>
      <table class="ds-table stackable">
        <thead>
          <tr>
            <th scope="col">{t('console:people.name')}</th>
            <th scope="col">{t('console:companies.branch')}</th>
            <th scope="col">{t('console:companies.unit')}</th>
            <th scope="col" class="num">
              {t('console:companies.people')}
            </th>
          </tr>
        </thead>
        <tbody>
          {companies.map((company) => (
            <tr>
              <th scope="row">
                <a href={`/companies/${company.id}`}>{company.name}</a>
              </th>
              <td>{company.branch ? branchName(view, company.branch) : '–'}</td>
              <td>{company.unit ?? '–'}</td>
              <td class="num end">{formats.number(company.people)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};
