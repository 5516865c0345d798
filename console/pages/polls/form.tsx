import { pollLimits } from '../../../core/polls/poll.ts';
import type { AudienceOptions } from '../../audience-form.ts';
import { AudienceBuilder } from '../../components/audience-builder.tsx';
import { Check, ErrorNote, type FormError, Group, TextField } from '../../components/fields.tsx';
import { RemindersFields, WhenFields } from '../../components/sending-fields.tsx';
import { Card } from '../../components/ui.tsx';
import type { View } from '../../context.ts';
import type { Fields } from '../../forms.ts';
import { resultsModes } from './draft.ts';

interface Props {
  readonly view: View;
  readonly fields: Fields;
  readonly error: FormError | null;
}

export const PollForm = (props: Props & { options: AudienceOptions }) => {
  const { view, fields, error, options } = props;
  return (
    <form
      method="post"
      action="/polls/preview"
      enctype="multipart/form-data"
      class="stack"
      novalidate
      data-keep
    >
      <ErrorNote error={error} />
      <Question {...props} />
      <Rules {...props} />
      <AudienceBuilder view={view} options={options} fields={fields} />
      <Card title={view.t('console:compose.sending')}>
        <WhenFields view={view} fields={fields} error={error} />
        <div class="fields">
          <TextField
            name="closesAt"
            type="datetime-local"
            label={view.t('console:pollForm.closesAt')}
            hint={view.t('console:compose.zone', { zone: view.network.timeZone })}
            value={fields.text('closesAt')}
            error={error}
          />
        </div>
        <RemindersFields view={view} fields={fields} hint={view.t('console:pollForm.remindersHint')} />
      </Card>
      <div class="submit-bar">
        <button type="submit" class="ds-button">
          {view.t('console:compose.preview')}
        </button>
        <span class="muted">{view.t('console:compose.previewHint')}</span>
      </div>
    </form>
  );
};

const rowsShown = 5;

const Question = ({ view, fields, error }: Props) => {
  const { t } = view;
  const rows = Array.from({ length: pollLimits.mostOptions }, (_, row) => row);
  const row = (at: number) => <OptionRow view={view} fields={fields} error={error} row={at} />;
  const more = rows.slice(rowsShown);
  const used = more.some((at) => view.network.languages.some((l) => fields.text(`options.${at}.${l}`)));
  return (
    <Card title={t('console:pollForm.question')}>
      <div class="pair">
        {view.network.languages.map((language) => (
          <div class="language-column">
            <p class="language-name">{t(`console:compose.in.${language}`)}</p>
            <TextField
              name={`question.${language}`}
              label={t('console:pollForm.question')}
              value={fields.text(`question.${language}`)}
              maxlength={pollLimits.question}
              lang={language}
              error={error}
            />
          </div>
        ))}
      </div>
      <Group legend={t('console:pollForm.options')} one>
        <ol class="option-list">{rows.slice(0, rowsShown).map(row)}</ol>
      </Group>
      <details class="fold" open={used}>
        <summary>{t('console:pollForm.moreOptions')}</summary>
        <ol class="option-list" start={rowsShown + 1}>
          {more.map(row)}
        </ol>
      </details>
    </Card>
  );
};

const OptionRow = ({ view, fields, error, row }: Props & { row: number }) => (
  <li class="option-row">
    <span aria-hidden="true">{row + 1}.</span>
    {view.network.languages.map((language) => {
      const words = view.t(`common:language.${language}`);
      return (
        <TextField
          name={`options.${row}.${language}`}
          label={view.t('console:pollForm.option', { number: row + 1, language: words })}
          quiet
          placeholder={words}
          value={fields.text(`options.${row}.${language}`)}
          maxlength={pollLimits.option}
          lang={language}
          error={error}
        />
      );
    })}
  </li>
);

const Rules = ({ view, fields }: Props) => {
  const { t } = view;
  const radio = (name: string, value: string, chosen: string, key: string, count?: number) => (
    <Check
      type="radio"
      name={name}
      value={value}
      checked={value === chosen}
      label={t(`console:pollForm.${key}`)}
      hint={t(`console:pollForm.${key}Hint`, count === undefined ? undefined : { count })}
    />
  );
  const multiple = fields.text('multiple') || 'one';
  const anonymous = fields.text('anonymous') || 'no';
  return (
    <Card title={t('console:pollForm.rules')}>
      <div class="pair">
        <Group legend={t('console:pollForm.howMany')} one>
          {radio('multiple', 'one', multiple, 'single')}
          {radio('multiple', 'many', multiple, 'multiple')}
        </Group>
        <Group legend={t('console:pollForm.whoSees')} one>
          {radio('anonymous', 'no', anonymous, 'named')}
          {radio('anonymous', 'yes', anonymous, 'anonymous', view.network.smallestGroup)}
        </Group>
      </div>
      <Group legend={t('console:pollForm.showResults')}>
        {resultsModes.map((mode) => (
          <Check
            type="radio"
            name="showResults"
            value={mode}
            checked={fields.text('showResults') === mode}
            label={t(`console:pollForm.results.${mode}`)}
            hint={mode === 'afterClose' ? t('console:pollForm.results.afterCloseHint') : undefined}
          />
        ))}
      </Group>
    </Card>
  );
};
