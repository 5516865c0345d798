import { languages } from '../../../core/language.ts';
import type { NetworkSettings } from '../../../core/network/settings.ts';
import { Choices, ErrorNote, type FormError, Select, TextField } from '../../components/fields.tsx';
import type { View } from '../../context.ts';
import { Fields } from '../../forms.ts';

interface Props {
  readonly view: View;
  readonly fields: Fields;
  readonly error: FormError | null;
}

export const NetworkForm = (props: Props) => {
  const { view, fields, error } = props;
  const { t } = view;
  const text = (name: string, key: string) => ({
    name,
    label: t(`console:settings.${key}`),
    value: fields.text(name),
    error,
  });
  return (
    <form method="post" action="/settings" class="form" novalidate>
      <ErrorNote error={error} />
      <input type="hidden" name="revision" value={String(view.network.revision)} />
      <div class="fields">
        <TextField {...text('name', 'name')} required />
        <TextField {...text('contact', 'contact')} hint={t('console:settings.contactHint')} />
      </div>
      <Languages {...props} />
      <div class="fields">
        <TextField {...text('timeZone', 'timeZone')} list="zones" />
        <TextField {...text('quietFrom', 'quietFrom')} type="time" hint={t('console:settings.quietHint')} />
        <TextField {...text('quietTo', 'quietTo')} type="time" hint={t('console:settings.quietNone')} />
        <TextField
          {...text('smallestGroup', 'smallestGroup')}
          type="number"
          min={1}
          max={1000}
          hint={t('console:settings.smallestGroupHint')}
        />
      </div>
      <datalist id="zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option value={zone} />
        ))}
      </datalist>
      <Choices
        type="radio"
        name="joining"
        label={t('console:settings.joining')}
        value={fields.all('joining')}
        options={(['invited', 'open'] as const).map((joining) => ({
          value: joining,
          label: t(`people:joining.${joining}`),
          hint: t(`console:settings.joiningHint.${joining}`),
        }))}
        error={error}
      />
      <div>
        <button type="submit" class="ds-button">
          {t('console:people.save')}
        </button>
      </div>
    </form>
  );
};

const Languages = ({ view, fields, error }: Props) => {
  const { t } = view;
  const options = languages.map((l) => ({ value: l, label: t(`common:language.${l}`) }));
  return (
    <div class="fields">
      <Choices
        type="checkbox"
        name="languages"
        label={t('console:settings.languages')}
        value={fields.all('languages')}
        options={options}
        error={error}
      />
      <Select
        name="firstLanguage"
        label={t('console:settings.firstLanguage')}
        hint={t('console:settings.firstLanguageHint')}
        value={fields.text('firstLanguage')}
        options={options}
        error={error}
      />
    </div>
  );
};

/** The settings as they stand, as the form's values. */
export function standingNetwork(network: NetworkSettings): Fields {
  const values: [string, string[]][] = [
    ['name', [network.name]],
    ['contact', [network.contact ?? '']],
    ['languages', network.languages],
    ['firstLanguage', network.languages.slice(0, 1)],
    ['timeZone', [network.timeZone]],
    ['quietFrom', [network.quietFrom ?? '']],
    ['quietTo', [network.quietTo ?? '']],
    ['joining', [network.joining]],
    ['smallestGroup', [String(network.smallestGroup)]],
  ];
  return new Fields(new Map(values));
}
