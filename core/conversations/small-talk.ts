import { fold } from '../fold.ts';
import { isWordless } from './clean-text.ts';

const greetings = [
  ...[
    'czesc',
    'hej',
    'hejka',
    'siema',
    'witam',
    'witaj',
    'witajcie',
    'dzien dobry',
    'dobry wieczor',
    'dobry',
  ],
  ...['hello', 'hi', 'hey', 'hi there', 'hello there', 'good morning', 'good afternoon', 'good evening'],
];
const thanks = [
  ...[
    'dziekuje',
    'dziekuje bardzo',
    'bardzo dziekuje',
    'dzieki',
    'wielkie dzieki',
    'ok dzieki',
    'ok dziekuje',
    'dziekujemy',
  ],
  ...['thanks', 'thank you', 'thank you very much', 'many thanks', 'thx', 'ok thanks', 'cheers', 'ta'],
];
const nods = [
  ...['ok', 'okej', 'okay', 'dobrze', 'super', 'jasne', 'tak', 'nie', 'aha', 'rozumiem', 'swietnie'],
  ...['yes', 'no', 'sure', 'fine', 'great', 'cool', 'got it', 'i see'],
];

/** What kind of talk that asks for nothing this is, or null. */
export function smallTalk(text: string): 'greeting' | 'thanks' | 'nod' | null {
  if (isWordless(text)) return 'nod';
  const said = fold(text)
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim();
  if (greetings.includes(said)) return 'greeting';
  if (thanks.includes(said)) return 'thanks';
  return nods.includes(said) ? 'nod' : null;
}
