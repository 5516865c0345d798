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

const alphabet = 'aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż';

/**
 * What a name is sorted by, byte by byte, in a database: the Polish alphabet, numbers by value, signs before numbers before
 * letters, other alphabets behind.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replace(/\d+|\s+|./gsu, (part) => {
      if (/^\d/.test(part)) return numberKey(part);
      if (/^\s/.test(part)) return ' ';
      return [...(alphabet.includes(part) ? part : fold(part))].map(letterKey).join('');
    });
}

/** The longer number is the greater one. */
function numberKey(digits: string): string {
  const number = digits.replace(/^0+(?=\d)/, '');
  return String(number.length).padStart(3, '0') + number;
}

function letterKey(letter: string): string {
  const place = alphabet.indexOf(letter);
  if (place >= 0) return String.fromCharCode(0x41 + place);
  return /\p{L}/u.test(letter) ? letter : '!';
}
