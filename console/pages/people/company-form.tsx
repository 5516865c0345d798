import { companyLimits } from '../../../core/companies/check.ts';
import type { CompanyInput, CompanyView } from '../../../core/companies/company.ts';
import {
  type Choice,
  ErrorNote,
  type FormError,
  Select,
  TextArea,
  TextField,
} from '../../components/fields.tsx';
import type { View } from '../../context.ts';
import type { Fields } from '../../forms.ts';
import { splitTags } from './member-form.tsx';

const names = ['name', 'branchId', 'offerPl', 'offerEn', 'website', 'unit', 'tags', 'revision'] as const;

export type CompanyValues = Readonly<Record<(typeof names)[number], string>>;

export const CompanyForm = ({
  view,
  action,
  values,
  branches,
  error,
}: {
  view: View;
  action: string;
  values: CompanyValues;
  branches: readonly Choice[];
  error: FormError | null;
}) => {
  const { t } = view;
  return (
    <form method="post" action={action} class="form" novalidate>
      <ErrorNote error={error} />
      <input type="hidden" name="revision" value={values.revision} />
      <div class="fields">
        <TextField
          name="name"
          label={t('console:people.name')}
          value={values.name}
          maxlength={companyLimits.name}
          required
          error={error}
        />
        <Select
          name="branchId"
          label={t('console:companies.branch')}
          value={values.branchId}
          options={[{ value: '', label: '–' }, ...branches]}
          error={error}
        />
        <TextField
          name="unit"
          label={t('console:companies.unit')}
          value={values.unit}
          maxlength={companyLimits.unit}
          error={error}
        />
        <TextField
          name="website"
          type="url"
          label={t('console:companies.website')}
          value={values.website}
          maxlength={companyLimits.website}
          error={error}
        />
        <TextField
          name="tags"
          label={t('console:people.tags')}
          hint={t('console:people.tagsHint')}
          value={values.tags}
          error={error}
        />
      </div>
      <div class="pair">
        <TextArea
          name="offerPl"
          label={t('console:companies.offerPl')}
          value={values.offerPl}
          lang="pl"
          error={error}
        />
        <TextArea
          name="offerEn"
          label={t('console:companies.offerEn')}
          value={values.offerEn}
          lang="en"
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

export function readCompany(fields: Fields): CompanyInput {
  return {
    name: fields.text('name'),
    branchId: fields.text('branchId'),
    offerPl: fields.text('offerPl'),
    offerEn: fields.text('offerEn'),
    website: fields.text('website'),
    unit: fields.text('unit'),
    tags: splitTags(fields.text('tags')),
  };
}

export function typedCompany(fields: Fields, revision: string): CompanyValues {
  const typed = Object.fromEntries(names.map((name) => [name, fields.text(name)])) as CompanyValues;
  return { ...typed, revision };
}

export function companyValues(company: CompanyView): CompanyValues {
  return {
    name: company.name,
    branchId: company.branch?.id ?? '',
    offerPl: company.offerPl ?? '',
    offerEn: company.offerEn ?? '',
    website: company.website ?? '',
    unit: company.unit ?? '',
    tags: company.tags.join(', '),
    revision: String(company.revision),
  };
}
