import { fold } from '../fold.ts';
import type { Language } from '../language.ts';

export type Command =
  | 'start'
  | 'menu'
  | 'polls'
  | 'announcements'
  | 'report'
  | 'reports'
  | 'me'
  | 'language'
  | 'help'
  | 'stop'
  | 'cancel'
  | 'announce'
  | 'panel'
  | 'link'
  | 'continue'
  | 'erase';

/** What each command is called, in both languages, folded (without diacritics). */
const names: Record<Command, readonly string[]> = {
  start: ['start'],
  menu: ['menu'],
  polls: ['polls', 'poll', 'sondy', 'sonda'],
  announcements: ['announcements', 'news', 'ogloszenia', 'ogloszenie'],
  report: ['report', 'zglos', 'zgloszenie', 'bariera'],
  reports: ['reports', 'zgloszenia'],
  me: ['me', 'ja'],
  language: ['language', 'lang', 'jezyk'],
  help: ['help', 'pomoc'],
  stop: ['stop'],
  cancel: ['cancel', 'anuluj', 'przerwij'],
  announce: ['announce', 'oglos'],
  panel: ['panel'],
  link: ['link', 'polacz'],
  continue: ['continue', 'resume', 'kontynuuj', 'wznow'],
  erase: ['erase', 'forget', 'usun'],
};

/** Whole messages that mean a command without a slash. Words that could be an answer ("ja", "news") are not among them. */
const words: Record<string, Command> = {
  start: 'start',
  menu: 'menu',
  help: 'help',
  pomoc: 'help',
  stop: 'stop',
  'zatrzymaj wiadomosci': 'stop',
  'stop all messages': 'stop',
  'wypisz mnie': 'stop',
  unsubscribe: 'stop',
  cancel: 'cancel',
  anuluj: 'cancel',
  polls: 'polls',
  sondy: 'polls',
  announcements: 'announcements',
  ogloszenia: 'announcements',
  report: 'report',
  zglos: 'report',
  reports: 'reports',
  zgloszenia: 'reports',
  'what others report': 'reports',
  'co zglaszaja inni': 'reports',
  language: 'language',
  jezyk: 'language',
  'jezyk language': 'language',
  'zmien jezyk': 'language',
  'change language': 'language',
  'erase me': 'erase',
  'erase my data': 'erase',
  'delete my data': 'erase',
  'usun moje dane': 'erase',
  'usun mnie': 'erase',
  'polacz drugi komunikator': 'link',
  'link a second messenger': 'link',
  'moje dane': 'me',
  'my data': 'me',
  'what do you know about me': 'me',
  'jakie dane o mnie macie': 'me',
  'co o mnie wiecie': 'me',
};

const languageWords: Record<string, Language> = {
  polski: 'pl',
  'po polsku': 'pl',
  polish: 'pl',
  english: 'en',
  'in english': 'en',
  angielski: 'en',
  'po angielsku': 'en',
};

/** The command of this name, in either language, diacritics and case optional; null when there is none. */
export function commandNamed(name: string): Command | null {
  const folded = fold(name);
  const found = Object.entries(names).find(([, spellings]) => spellings.includes(folded));
  return (found?.[0] as Command | undefined) ?? null;
}

/** The command a whole message means, or null. */
export function commandSaid(text: string): Command | null {
  return words[plain(text)] ?? null;
}

/** The language a whole message asks for, or null. */
export function languageSaid(text: string): Language | null {
  return languageWords[plain(text)] ?? null;
}

function plain(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .replace(/ +/g, ' ')
    .trim();
}
