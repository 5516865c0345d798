import { limits } from '../../../core/announcements/announcement.ts';
import { type FormError, TextArea, TextField } from '../../components/fields.tsx';
import type { View } from '../../context.ts';
import type { Fields } from '../../forms.ts';

export interface LanguageColumnsProps {
  readonly view: View;
  readonly fields: Fields;
  readonly error?: FormError | null | undefined;
}

/** Title and text in each of the network's languages, side by side. */
export const LanguageColumns = ({ view, fields, error }: LanguageColumnsProps) => {
  const { t } = view;
  return (
    <div class="pair">
      {view.network.languages.map((language) => (
        <div class="language-column">
          <p class="language-name">{t(`console:compose.in.${language}`)}</p>
          <TextField
            name={`title.${language}`}
            label={t('console:compose.title')}
            value={fields.text(`title.${language}`)}
            maxlength={limits.title}
            lang={language}
            error={error}
          />
          <TextArea
            name={`text.${language}`}
            label={t('console:compose.text')}
            value={fields.text(`text.${language}`)}
            rows={7}
            lang={language}
            error={error}
          />
        </div>
      ))}
    </div>
  );
};
