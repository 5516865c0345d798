import type { Field } from '../../channels/outbound-message.ts';
import type { Draft } from '../../deliveries/content.ts';
import { field } from '../../deliveries/field.ts';
import type { Language } from '../../language.ts';
import { literal, type Params, say, type Text } from '../../text.ts';

export const languageNames: Record<Language, Text> = { pl: literal('Polski'), en: literal('English') };

/** Chooses the language at any time; see take-action.ts. */
export const languageButton = (language: Language) => ({
  id: `lang.${language}`,
  label: languageNames[language],
});

interface Button {
  readonly id: string;
  readonly label: Text;
  readonly style?: 'primary' | 'danger';
  readonly field?: Field<Text>;
}

/** A line of text. */
export function line(key: string, params?: Params): Draft[number] {
  return { type: 'text', text: say(key, params) };
}

export function title(key: string, params?: Params): Draft[number] {
  return { type: 'text', style: 'title', text: say(key, params) };
}

export function note(key: string, params?: Params): Draft[number] {
  return { type: 'text', style: 'note', text: say(key, params) };
}

export function quote(words: string): Draft[number] {
  return { type: 'text', style: 'quote', text: literal(words) };
}

export function buttons(...actions: readonly Button[]): Draft[number] {
  return { type: 'actions', actions: actions.map((action) => ({ kind: 'press', ...action })) };
}

export function comeBackButton(): Draft[number] {
  return buttons({ id: 'back', label: say('chat:stop.comeBack'), style: 'primary' });
}

/** To whom only a stand-in for a name is known: nothing for anybody else. */
export function askName({ unnamed }: { readonly unnamed: boolean }): Draft {
  if (!unnamed) return [];
  return [note('chat:name.unknown'), buttons({ id: 'me.name', label: say('chat:name.give') })];
}

/** The words awaited now; `key` names them. */
export function input(key: string): Draft[number] {
  return { type: 'input', id: 'words', ...field(key, key) };
}
