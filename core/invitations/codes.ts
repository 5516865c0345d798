import type { Ids } from '../unit.ts';

/** Letters and digits nobody confuses when reading them aloud or typing them on a phone. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const length = 8;

export function newLinkCode(ids: Ids): string {
  return Array.from({ length }, () => alphabet[ids.integer(alphabet.length)]).join('');
}

/** The code as stored from what a person typed: any case, spaces and dashes anywhere; null when it cannot be one. */
export function readLinkCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\u2010-\u2015-]/g, '');
  return code.length === length && [...code].every((c) => alphabet.includes(c)) ? code : null;
}
