import { type CompanyView, findCompanyView, saveCompany } from '../../../core/companies/company.ts';
import { listMembers, totalMembers } from '../../../core/members/view.ts';
import { missing } from '../../access.ts';
import { branchChoices } from '../../choices.ts';
import type { FormError } from '../../components/fields.tsx';
import { Pager } from '../../components/pager.tsx';
import { totalWords } from '../../components/total.ts';
import { ActionButton, Card, Empty, LinkButton } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { setFlash, takeFlash } from '../../flash.ts';
import { readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import {
  CompanyForm,
  type CompanyValues,
  companyValues,
  readCompany,
  typedCompany,
} from './company-form.tsx';
import { MembersTable } from './members.tsx';

const empty: CompanyValues = {
  ...{ name: '', branchId: '', offerPl: '', offerEn: '' },
  ...{ website: '', unit: '', tags: '', revision: '' },
};

export function companyPages(app: App): void {
  app.get('/companies/new', (c) => show(c, staffView(c), null, empty));
  app.get('/companies/:id', async (c) => {
    const view = staffView(c);
    const company = await findCompanyView(view.deps.core.db, c.req.param('id'));
    return company ? show(c, view, company, companyValues(company)) : missing();
  });
  app.post('/companies/new', (c) => save(c, null));
  app.post('/companies/:id', async (c) => {
    const company = await findCompanyView(staffView(c).deps.core.db, c.req.param('id'));
    return company ? save(c, company) : missing();
  });
}

async function save(c: Ctx, company: CompanyView | null): Promise<Response> {
  const view = staffView(c);
  const { core } = view.deps;
  const fields = await readForm(c);
  const revision = fields.revision();
  try {
    const saved = await core.transaction((unit) =>
      saveCompany(unit, { ...readCompany(fields), ...(company ? { id: company.id, revision } : {}) }),
    );
    setFlash(c, { kind: 'success', key: 'console:people.saved' });
    return c.redirect(`/companies/${saved.id}`, 303);
  } catch (error) {
    const now = company && ((await findCompanyView(core.db, company.id)) ?? company);
    const why = refusal(view, error, now ? { ...companyValues(now) } : {});
    return show(c, view, now, typedCompany(fields, String(now?.revision ?? '')), why);
  }
}

async function show(
  c: Ctx,
  view: StaffView,
  company: CompanyView | null,
  values: CompanyValues,
  error?: FormError,
): Promise<Response> {
  const { t } = view;
  const branches = await branchChoices(view);
  return c.html(
    <Page
      view={view}
      title={company?.name ?? t('console:companies.add')}
      flash={takeFlash(c)}
      back={{ href: '/companies', label: t('console:people.companies') }}
      actions={company && <InviteCompany view={view} company={company} />}
    >
      <Card title={t('console:people.details')}>
        <CompanyForm
          view={view}
          action={company ? `/companies/${company.id}` : '/companies/new'}
          values={values}
          branches={branches}
          error={error ?? null}
        />
      </Card>
      {company && <People view={view} company={company} cursor={c.req.query('cursor')} />}
    </Page>,
    error ? 422 : 200,
  );
}

const InviteCompany = ({ view, company }: { view: StaffView; company: CompanyView }) => (
  <ActionButton
    action="/invitations/new"
    fields={{ kind: 'company', companyId: company.id }}
    icon="link"
    variant="primary"
  >
    {view.t('console:companies.invite')}
  </ActionButton>
);

const People = async ({
  view,
  company,
  cursor,
}: {
  view: StaffView;
  company: CompanyView;
  cursor: string | undefined;
}) => {
  const { t } = view;
  const { db } = view.deps.core;
  const wanted = { companyId: company.id };
  const { items, next } = await listMembers(db, { ...wanted, ...(cursor ? { cursor } : {}) });
  const total = await totalMembers(db, wanted);
  return (
    <Card
      class="flush"
      title={totalWords(view, 'people', total) ?? t('console:companies.people')}
      actions={
        <LinkButton href={`/members/new?company=${company.id}`} variant="secondary" icon="plus">
          {t('console:people.addMember')}
        </LinkButton>
      }
    >
      {items.length === 0 ? (
        <Empty icon="people" title={t('console:companies.nobody')}>
          <p>{t('console:companies.nobodyHint')}</p>
        </Empty>
      ) : (
        <MembersTable view={view} members={items} />
      )}
      <Pager view={view} next={next} query={{ cursor }} />
    </Card>
  );
};
