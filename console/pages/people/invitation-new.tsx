import type { Role } from '../../../core/audiences/audience.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { createInvitation } from '../../../core/invitations/invitation.ts';
import { isLanguage } from '../../../core/language.ts';
import { roles } from '../../../core/members/check.ts';
import { isAdministrator } from '../../access.ts';
import { companyChoices } from '../../choices.ts';
import { Check, ErrorNote, type FormError, Group, Select, TextField } from '../../components/fields.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';

/** Makes an invitation and goes to the page that shows its link and QR code. */
export function invitationNewPage(app: App): void {
  app.get('/invitations/new', (c) => show(c, staffView(c), new Fields(new Map())));
  app.post('/invitations/new', async (c) => {
    const view = staffView(c);
    const fields = await readForm(c);
    try {
      const invitation = await view.deps.core.transaction((unit) =>
        createInvitation(unit, readInvitation(view, fields)),
      );
      return c.redirect(`/invitations/${invitation.id}`, 303);
    } catch (error) {
      return show(c, view, fields, refusal(view, error));
    }
  });
}

function readInvitation(view: StaffView, fields: Fields) {
  const role = fields.text('role') as Role;
  const kind = fields.text('kind') === 'company' ? 'company' : 'personal';
  if (role !== 'member' && roles.includes(role) && !isAdministrator(view)) {
    throw new DomainError('console:errors.403', {}, 'role');
  }
  const language = fields.text('language');
  const days = fields.number('days', 0, [0, 365]);
  return {
    kind,
    role: kind === 'personal' && roles.includes(role) ? role : 'member',
    createdBy: view.member.id,
    ...optional('name', fields),
    ...optional('memberId', fields),
    ...optional('companyId', fields),
    ...(isLanguage(language) ? { language } : {}),
    ...(days > 0 ? { expiresAt: view.now + days * 86_400_000 } : {}),
  } as const;
}

function optional<N extends string>(name: N, fields: Fields) {
  const value = fields.optional(name);
  return value === null ? {} : ({ [name]: value } as Record<N, string>);
}

async function show(c: Ctx, view: StaffView, fields: Fields, error?: FormError): Promise<Response> {
  const { t } = view;
  const companies = await companyChoices(view.deps.core.db);
  return c.html(
    <Page
      view={view}
      title={t('console:invitations.newTitle')}
      lead={t('console:invitations.newLead')}
      back={{ href: '/invitations', label: t('console:people.invitations') }}
    >
      <Card>
        <form method="post" action="/invitations/new" class="form" novalidate>
          <ErrorNote error={error} />
          <Group legend={t('console:invitations.kind')} one>
            <Kind view={view} fields={fields} kind="personal" />
            <Kind view={view} fields={fields} kind="company" />
          </Group>
          <div class="fields">
            <TextField
              name="name"
              label={t('console:invitations.name')}
              hint={t('console:invitations.nameHint')}
              value={fields.text('name')}
              error={error}
            />
            <Select
              name="companyId"
              label={t('console:people.company')}
              value={fields.text('companyId')}
              options={[{ value: '', label: '–' }, ...companies]}
              error={error}
            />
            <Choices view={view} fields={fields} error={error ?? null} />
          </div>
          <button type="submit" class="ds-button">
            {t('console:invitations.create')}
          </button>
        </form>
      </Card>
    </Page>,
    error ? 422 : 200,
  );
}

const Kind = ({ view, fields, kind }: { view: StaffView; fields: Fields; kind: 'personal' | 'company' }) => (
  <Check
    type="radio"
    name="kind"
    value={kind}
    checked={(fields.text('kind') || 'personal') === kind}
    label={view.t(`console:invitations.kinds.${kind}`)}
    hint={view.t(`console:invitations.kinds.${kind}Hint`)}
  />
);

const Choices = ({ view, fields, error }: { view: StaffView; fields: Fields; error: FormError | null }) => {
  const { t, network } = view;
  return (
    <>
      <Select
        name="language"
        label={t('console:people.language')}
        value={fields.text('language')}
        options={[
          { value: '', label: t('console:invitations.languageGuessed') },
          ...network.languages.map((l) => ({ value: l, label: t(`common:language.${l}`) })),
        ]}
        error={error}
      />
      <Select
        name="days"
        label={t('console:invitations.expires')}
        value={fields.text('days') || '30'}
        options={[7, 30, 90, 365].map((count) => ({
          value: String(count),
          label: t('console:count.inDays', { count }),
        }))}
        error={error}
      />
      {isAdministrator(view) && (
        <Select
          name="role"
          label={t('console:people.role')}
          value={fields.text('role') || 'member'}
          options={roles.map((r) => ({ value: r, label: t(`people:role.${r}`) }))}
          error={error}
        />
      )}
    </>
  );
};
