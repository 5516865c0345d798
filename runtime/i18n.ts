import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import i18next, { type i18n, type Resource } from 'i18next';
import { languages } from '../core/language.ts';
import type { Texts } from '../core/text.ts';
import { projectRoot } from './paths.ts';

/** Loads locales/<language>/<namespace>.json; a missing key is an error, never an empty text. */
export async function loadTexts(folder = join(projectRoot, 'locales')): Promise<Texts> {
  const instance: i18n = i18next.createInstance();
  const resources = readLocales(folder);
  await instance.init({
    resources,
    lng: languages[0],
    fallbackLng: false,
    ns: Object.keys(resources[languages[0]] ?? {}),
    defaultNS: false,
    // How commands are typed where nothing else is said: what leaves for a messenger names its own way.
    interpolation: { escapeValue: false, defaultVariables: { prefix: '/' } },
    returnEmptyString: false,
  });
  const translators = Object.fromEntries(languages.map((l) => [l, instance.getFixedT(l)]));
  const translate: Texts['translate'] = (language, key, params) => {
    const words = translators[language]?.(key, params ?? {});
    if (words === undefined || words === key || words === key.slice(key.indexOf(':') + 1)) {
      throw new Error(`no text "${key}" in ${language}`);
    }
    return words;
  };
  const kept = new Map<string, string>();
  return {
    translate(language, key, params = {}) {
      // Said alike to everybody on a messenger: looked up once.
      if (Object.keys(params).some((name) => name !== 'prefix')) return translate(language, key, params);
      const name = `${language} ${params.prefix} ${key}`;
      const words = kept.get(name) ?? translate(language, key, params);
      kept.set(name, words);
      return words;
    },
  };
}

/** { pl: { chat: {...}, console: {...} }, en: … } as it stands in the folder. */
export function readLocales(folder: string): Resource {
  return Object.fromEntries(
    languages.map((language) => [
      language,
      Object.fromEntries(
        readdirSync(join(folder, language))
          .filter((file) => file.endsWith('.json'))
          .map((file) => [
            basename(file, '.json'),
            JSON.parse(readFileSync(join(folder, language, file), 'utf8')),
          ]),
      ),
    ]),
  );
}
