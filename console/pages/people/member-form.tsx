import type { Role } from '../../../core/audiences/audience.ts';
import { isLanguage } from '../../../core/language.ts';
import { roles } from '../../../core/members/check.ts';
import type { MemberInput } from '../../../core/members/member.ts';
import { isAdministrator } from '../../access.ts';
import { type Choice, ErrorNote, type FormError, Select, TextField } from '../../components/fields.tsx';
import type { StaffView } from '../../context.ts';
import type { Fields } from '../../forms.ts';

/** The values of a person's form: a person as they stand, or what was typed. */
export type MemberValues = Readonly<
  Record<'name' | 'email' | 'companyId' | 'role' | 'language' | 'tags' | 'revision', string>
>;

export const MemberForm = ({
  view,
  action,
  values,
  companies,
  error,
}: {
  view: StaffView;
  action: string;
  values: MemberValues;
  companies: readonly Choice[];
  error?: FormError | null;
}) => {
  const { t } = view;
  return (
    <form method="post" action={action} class="form" novalidate>
      <ErrorNote error={error} />
      <input type="hidden" name="revision" value={values.revision} />
      <div class="fields">
        <TextField
          name="name"
          label={t('console:people.personName')}
          value={values.name}
          required
          error={error}
        />
        <TextField
          name="email"
          type="email"
          label={t('console:people.email')}
          value={values.email}
          error={error}
        />
        <Select
          name="companyId"
          label={t('console:people.company')}
          value={values.companyId}
          options={[{ value: '', label: '–' }, ...companies]}
          error={error}
        />
        <Select
          name="language"
          label={t('console:people.language')}
          value={values.language}
          options={view.network.languages.map((l) => ({ value: l, label: t(`common:language.${l}`) }))}
          error={error}
        />
        {isAdministrator(view) && (
          <Select
            name="role"
            label={t('console:people.role')}
            value={values.role}
            options={roles.map((r) => ({ value: r, label: t(`people:role.${r}`) }))}
            error={error}
          />
        )}
        <TextField
          name="tags"
          label={t('console:people.tags')}
          hint={t('console:people.tagsHint')}
          value={values.tags}
          error={error}
        />
      </div>
      <div class="actions">
        <button type="submit" class="ds-button">
          {t('console:people.save')}
        </button>
      </div>
    </form>
  );
};

/** What the form says. Roles are given by administrators alone: for others `role` stays what it is. */
export function readMember(view: StaffView, fields: Fields, role: Role): MemberInput {
  const language = fields.text('language');
  const asked = fields.text('role') as Role;
  return {
    name: fields.text('name'),
    email: fields.text('email'),
    companyId: fields.text('companyId'),
    language: isLanguage(language) ? language : (view.network.languages[0] ?? 'pl'),
    role: isAdministrator(view) && roles.includes(asked) ? asked : role,
    tags: splitTags(fields.text('tags')),
  };
}

export const splitTags = (text: string) =>
  text
    .split(/[,;]/)
    .map((tag) => tag.trim())
    .filter(Boolean);

export function typedValues(fields: Fields, revision: string): MemberValues {
  const text = (name: string) => fields.text(name);
  return {
    name: text('name'),
    email: text('email'),
    companyId: text('companyId'),
    role: text('role') || 'member',
    language: text('language'),
    tags: text('tags'),
    revision,
  };
}
