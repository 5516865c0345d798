import { DomainError } from './domain-error.ts';

/** One line of a person's typing: composed letters, no control or direction-overriding characters, single spaces. */
export function tidy(text: string): string {
  return clean(text.replace(/\s+/gu, ' ')).trim();
}

/** The same for longer texts: line breaks stay. */
export function tidyLines(text: string): string {
  return clean(text.replace(/\r\n?/g, '\n')).trim();
}

/** Refuses what is longer than `max` UTF-16 units, naming the field. */
export function atMost(text: string, max: number, field: string): string {
  if (text.length > max) throw new DomainError('people:errors.tooLong', { max }, field);
  return text;
}

/** Tags as written by people: no empty ones, none twice (case and diacritics aside), at most 20 of 40 characters. */
export function tidyTags(tags: readonly string[], field = 'tags'): string[] {
  const kept = new Map<string, string>();
  for (const tag of tags.map(tidy)) {
    if (tag !== '' && !kept.has(tag.toLowerCase())) kept.set(tag.toLowerCase(), atMost(tag, 40, field));
  }
  if (kept.size > 20) throw new DomainError('people:errors.tooManyTags', { max: 20 }, field);
  return [...kept.values()];
}

/** Invisible ones: zero width (but the joiners, which emoji need) and those that turn the direction of what follows. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function clean(text: string): string {
  return (
    text
      .normalize('NFC')
      // Half a character can neither be sent nor stand in an address.
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(invisible, '')
      .replace(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : ''))
  );
}
