import type { Language } from '../../core/language.ts';
import type { Texts } from '../../core/text.ts';
import type { Line } from '../../runtime/webchat-hub.ts';
import type { ChatDeps, ChatNetwork } from './deps.ts';

/** Translates a key of locales/…/webchat.json into the page's language. */
export type Translate = (key: string, params?: Readonly<Record<string, string | number>>) => string;

export interface ChatView {
  readonly language: Language;
  readonly network: ChatNetwork;
  /** A fresh id for a form: posted twice, it counts once. */
  readonly postId: () => string;
  readonly t: Translate;
  readonly texts: Texts;
}

export function chatView(deps: ChatDeps, network: ChatNetwork, language: Language): ChatView {
  return {
    language,
    network,
    postId: () => deps.ids.token(),
    t: (key, params) => deps.texts.translate(language, `webchat:${key}`, params),
    texts: deps.texts,
  };
}

/** The same view, speaking another language. */
export function inLanguageOf(view: ChatView, language: Language): ChatView {
  if (language === view.language) return view;
  return { ...view, language, t: (key, params) => view.texts.translate(language, `webchat:${key}`, params) };
}

/** The language of the newest thing Wici said: the member's own, also right after they changed it. */
export function spokenLanguage(lines: readonly Line[]): Language | null {
  const said = lines.findLast((line) => line.from === 'wici');
  return said?.from === 'wici' ? said.message.language : null;
}

/** What the page's script says, in every language: it changes over as soon as Wici does. */
const spoken = [
  'label',
  'placeholder',
  'hint',
  'send',
  'menu',
  'replying',
  'cancelReply',
  'you',
  'sending',
  'notSent',
  'retry',
  'connecting',
  'connected',
  'offline',
  'toNewest',
  'chooseSome',
] as const;

export function scriptTexts(texts: Texts, language: Language): Record<string, string> {
  return Object.fromEntries(spoken.map((key) => [key, texts.translate(language, `webchat:page.${key}`)]));
}
