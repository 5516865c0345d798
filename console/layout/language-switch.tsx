import { languages } from '../../core/language.ts';
import type { View } from '../context.ts';

const names = { pl: 'Polski', en: 'English' } as const;

export const LanguageSwitch = ({ view }: { view: View }) => (
  <form method="post" action="/language" class="language">
    <input type="hidden" name="back" value={view.path} />
    {languages
      .filter((language) => language !== view.language)
      .map((language) => (
        <button
          type="submit"
          name="language"
          value={language}
          lang={language}
          class="ds-button"
          data-variant="tertiary"
        >
          {names[language]}
        </button>
      ))}
  </form>
);
