/** For searching and matching: lower case, diacritics removed (ą→a, ł→l), white space squeezed. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Orders by the Polish alphabet: ą after a, ł after l; numbers inside words by value. */
export const polishOrder = new Intl.Collator('pl', { numeric: true });
