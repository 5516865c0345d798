import { clip } from '../conversations/clean-text.ts';
import { DomainError } from '../domain-error.ts';
import { tidyLines } from '../tidy.ts';

/** A person's words without blanks around and control characters; throws when nothing is left or they are longer than `max` characters. */
export function checkedText(text: string, max: number, field = 'text'): string {
  const words = tidyLines(text);
  if (words === '') throw new DomainError('barriers:errors.empty', {}, field);
  if (clip(words, max).cutFrom !== null) throw new DomainError('barriers:errors.tooLong', { max }, field);
  return words;
}
