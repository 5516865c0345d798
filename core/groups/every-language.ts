import type { Draft } from '../deliveries/content.ts';
import type { Language } from '../language.ts';
import { say, spoken, type Text } from '../text.ts';

/** A group reads every language of its network: what `blocks` says in each, one after the other, divided. Pure. */
export function inEveryLanguage(
  languages: readonly Language[],
  blocks: (language: Language) => Draft,
): Draft {
  return languages.flatMap((language, n) => [
    ...(n > 0 ? [{ type: 'divider' } as const] : []),
    ...blocks(language),
  ]);
}

/** A button's words in every language of the network, on one button. Pure. */
export function labelInEveryLanguage([first = 'pl', second]: readonly Language[], text: Text): Text {
  if (second === undefined) return spoken(first, text);
  return say('groups:both', { first: spoken(first, text), second: spoken(second, text) });
}
