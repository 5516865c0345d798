import type { AudienceList, AudienceOptions } from '../audience-form.ts';
import type { View } from '../context.ts';
import type { Fields } from '../forms.ts';
import { Check, Group } from './fields.tsx';
import { Card } from './ui.tsx';

interface Props {
  readonly view: View;
  readonly options: AudienceOptions;
  readonly fields: Fields;
}

/** Whom a message is for: lists to choose from, and the same lists to leave out. With scripts the count follows every tick. */
export const AudienceBuilder = (props: Props) => {
  const { view, fields } = props;
  const minus = fields.entries().some(([name, value]) => name.startsWith('except.') && value !== '');
  return (
    <Card title={view.t('console:audience.title')}>
      <p class="hint">{view.t('console:audience.hint')}</p>
      <Lists {...props} prefix="audience" />
      <details class="fold" open={minus}>
        <summary>{view.t('console:audience.except')}</summary>
        <div class="stack">
          <Lists {...props} prefix="except" />
        </div>
      </details>
      <div
        id="reach"
        class="script-only"
        aria-live="polite"
        hx-post="/audience/reach"
        hx-trigger="load, change from:closest form delay:250ms"
        hx-include="closest form"
        hx-encoding="multipart/form-data"
      ></div>
    </Card>
  );
};

const Lists = ({ view, options, fields, prefix }: Props & { prefix: 'audience' | 'except' }) => {
  const list = (name: AudienceList) => ({ view, name: `${prefix}.${name}`, choices: options[name], fields });
  return (
    <>
      <Ticks {...list('branches')} legend={view.t('console:audience.branches')} />
      <div class="fields">
        <Ticks {...list('roles')} legend={view.t('console:audience.roles')} one />
        <Ticks {...list('languages')} legend={view.t('console:audience.languages')} one />
        {options.tags.length > 0 && <Ticks {...list('tags')} legend={view.t('console:audience.tags')} one />}
      </div>
      {options.companies.length > 0 && <Companies {...list('companies')} />}
    </>
  );
};

interface ListProps {
  readonly view: View;
  readonly name: string;
  readonly choices: AudienceOptions[AudienceList];
  readonly fields: Fields;
}

const Ticks = ({ name, choices, fields, legend, one }: ListProps & { legend: string; one?: boolean }) => {
  const chosen = fields.all(name);
  return (
    <Group legend={legend} one={one ?? false}>
      {choices.map(({ value, label }) => (
        <Check name={name} value={value} label={label} checked={chosen.includes(value)} />
      ))}
    </Group>
  );
};

const Companies = ({ view, name, choices, fields }: ListProps) => {
  const chosen = fields.all(name);
  const list = `list-${name.replace('.', '-')}`;
  return (
    <details class="fold" open={chosen.length > 0}>
      <summary>{view.t('console:audience.companies')}</summary>
      <fieldset class="group tight">
        <legend class="ds-sr-only">{view.t('console:audience.companies')}</legend>
        <input
          class="ds-input script-only"
          type="search"
          data-filters={list}
          placeholder={view.t('console:audience.findCompany')}
          aria-label={view.t('console:audience.findCompany')}
        />
        <div class="pick-list" id={list}>
          {choices.map(({ value, label }) => (
            <Check name={name} value={value} label={label} checked={chosen.includes(value)} />
          ))}
        </div>
      </fieldset>
    </details>
  );
};
