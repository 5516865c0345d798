import { clip } from '../conversations/clean-text.ts';
import { DomainError } from '../domain-error.ts';

/** A person's words without blanks around; throws when nothing is left or they are longer than `max` characters. */
export function checkedText(text: string, max: number, field = 'text'): string {
  const words = text.trim();
  if (words === '') throw new DomainError('barriers:errors.empty', {}, field);
  if (clip(words, max).cutFrom !== null) throw new DomainError('barriers:errors.tooLong', { max }, field);
  return words;
}
