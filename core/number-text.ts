import { authored, type Text } from './text.ts';

const polish = new Intl.NumberFormat('pl-PL');
const english = new Intl.NumberFormat('en-GB');

/** A number as people write it: "10 000", "10,000". */
export function numberText(n: number): Text {
  return authored({ pl: polish.format(n), en: english.format(n) });
}
