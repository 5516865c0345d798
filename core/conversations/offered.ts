import type { Draft } from '../deliveries/content.ts';
import { fold } from '../fold.ts';
import { languages } from '../language.ts';
import { resolve, type Text } from '../text.ts';
import type { DialogContext, DialogInput } from './dialog.ts';

interface Offer {
  readonly id: string;
  readonly values: readonly string[];
  readonly label: Text;
}

/** Everything a question lets the person press: its buttons and the options of its choices. */
function offersOf(question: Draft): Offer[] {
  return question.flatMap((block): Offer[] => {
    if (block.type === 'choice')
      return block.options.map((o) => ({ id: block.id, values: [o.value], label: o.label }));
    if (block.type !== 'actions') return [];
    return block.actions.flatMap((a) =>
      a.kind === 'press' ? [{ id: a.id, values: [], label: a.label }] : [],
    );
  });
}

/** Whether a press names something the question really offers. */
export function isOffered(question: Draft, id: string, values: readonly string[]): boolean {
  const offers = offersOf(question).filter((o) => o.id === id);
  if (values.length === 0) return offers.some((o) => o.values.length === 0);
  return values.every((value) => offers.some((o) => o.values[0] === value));
}

/** The words on what was pressed, or null when nothing of the question was. */
export function wordsOf(question: Draft, id: string, values: readonly string[]): Text | null {
  const picked = offersOf(question).filter(
    (o) => o.id === id && (o.values.length === 0 || values.includes(o.values[0] ?? '')),
  );
  return picked.reduce<Text | null>(
    (words, { label }) =>
      words ? { key: 'chat:dialog.list', params: { first: words, next: label } } : label,
    null,
  );
}

/** Said after the answer itself: "Nie, dziękuję bardzo" is "nie", "yes please" is "yes". */
const politeEnd =
  /(?<=[,. ])(?:bardzo |wielkie |ale )?(?:dziekuje|dzieki|prosze|poprosze|thanks|thank you|please)(?: bardzo| very much| a lot)?$/;

/** How people agree and refuse besides with the word a button begins with. */
const sameAs: Readonly<Record<string, readonly string[]>> = {
  tak: ['ok', 'okej', 'dobrze', 'jasne', 'pewnie', 'oczywiscie', 'prosze', 'poprosze', 'no tak'],
  nie: ['nie trzeba', 'jednak nie'],
  yes: ['okay', 'sure', 'yep', 'yeah', 'please', 'of course'],
  no: ['nope', 'no need'],
};

/** The press a typed text stands for when it says a button's words, in either language. */
export function pressedByWords(
  question: Draft,
  text: string,
  { texts }: Pick<DialogContext, 'texts'>,
): Extract<DialogInput, { type: 'press' }> | null {
  const typed = bare(text);
  if (typed === '') return null;
  const meant = [typed, bare(typed.replace(politeEnd, ''))].filter((words) => words !== '');
  const offer = offersOf(question).find(({ label }) =>
    languages.some((language) =>
      spokenForms(resolve(texts, language, label)).some((form) => meant.includes(form)),
    ),
  );
  return offer ? { type: 'press', id: offer.id, values: offer.values } : null;
}

/** "Tak, przekaż" may be said as "tak" or "przekaż" too, and so as "ok". */
function spokenForms(label: string): string[] {
  const [short = '', ...rest] = label.split(',').map(bare);
  return [bare(label), short, ...rest, ...(sameAs[short] ?? [])];
}

/** Words as they are compared: small letters without diacritics, and no signs around them. */
export function bare(text: string): string {
  return fold(text).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
