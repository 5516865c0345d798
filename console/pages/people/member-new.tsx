import { saveMember } from '../../../core/members/member.ts';
import { companyChoices } from '../../choices.ts';
import type { FormError } from '../../components/fields.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { setFlash } from '../../flash.ts';
import { readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { MemberForm, type MemberValues, readMember, typedValues } from './member-form.tsx';

export function memberNewPage(app: App): void {
  app.get('/members/new', async (c) => {
    const view = staffView(c);
    return show(c, view, {
      ...{ name: '', email: '', role: 'member', tags: '', revision: '' },
      companyId: c.req.query('company') ?? '',
      language: view.network.languages[0] ?? 'pl',
    });
  });
  app.post('/members/new', async (c) => {
    const view = staffView(c);
    const fields = await readForm(c);
    try {
      const member = await view.deps.core.transaction((unit) =>
        saveMember(unit, readMember(view, fields, 'member')),
      );
      setFlash(c, { kind: 'success', key: 'console:people.memberAdded', params: { name: member.name } });
      return c.redirect(`/members/${member.id}`, 303);
    } catch (error) {
      return show(c, view, typedValues(fields, ''), refusal(view, error));
    }
  });
}

async function show(c: Ctx, view: StaffView, values: MemberValues, error?: FormError): Promise<Response> {
  const companies = await companyChoices(view.deps.core.db);
  return c.html(
    <Page
      view={view}
      title={view.t('console:people.addMember')}
      back={{ href: '/members', label: view.t('console:people.members') }}
      lead={view.t('console:people.addMemberLead')}
    >
      <Card>
        <MemberForm
          view={view}
          action="/members/new"
          values={values}
          companies={companies}
          error={error ?? null}
        />
      </Card>
    </Page>,
    error ? 422 : 200,
  );
}
