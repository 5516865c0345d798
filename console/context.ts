import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { isLanguage, type Language, languageFromTag } from '../core/language.ts';
import { type NetworkSettings, networkSettings } from '../core/network/settings.ts';
import { sessionMember } from '../core/sign-in/sign-in.ts';
import type { Member } from '../core/store/members.ts';
import { resolve, type Text } from '../core/text.ts';
import type { ConsoleDeps } from './deps.ts';
import { type Formats, formatsFor } from './formats.ts';

/** Translates a locale key into the page's language. */
export type Translate = (key: string, params?: Readonly<Record<string, string | number>>) => string;

/** What a page knows before it begins: who looks at it, in which language, of which network. */
export interface View {
  readonly deps: ConsoleDeps;
  readonly network: NetworkSettings;
  readonly language: Language;
  readonly member: Member | null;
  readonly t: Translate;
  readonly words: (text: Text) => string;
  readonly formats: Formats;
  /** Path of the page shown, for the menu. */
  readonly path: string;
  readonly now: number;
}

/** A view of somebody signed in. */
export type StaffView = View & { readonly member: Member };

export interface Env {
  Variables: { view: View };
}
export type Ctx = Context<Env>;
export type App = Hono<Env>;

export const sessionCookie = 'wici_session';
export const languageCookie = 'wici_language';

export async function makeView(deps: ConsoleDeps, c: Ctx): Promise<View> {
  const { db, texts, clock } = deps.core;
  const now = clock.now();
  const secret = getCookie(c, sessionCookie);
  const [network, member] = await Promise.all([
    networkSettings(db),
    secret ? sessionMember(db, secret, now) : null,
  ]);
  const language = member?.language ?? guessLanguage(c) ?? network.languages[0] ?? 'pl';
  return {
    deps,
    network,
    language,
    member,
    t: (key, params) => texts.translate(language, key, params),
    words: (text) => resolve(texts, language, text),
    formats: formatsFor(language, network.timeZone),
    path: c.req.path,
    now,
  };
}

/** What the browser says of its reader's language: chosen on an earlier page, else asked for. */
export function guessLanguage(c: Ctx): Language | null {
  const chosen = getCookie(c, languageCookie);
  if (isLanguage(chosen)) return chosen;
  return languageFromTag(c.req.header('accept-language')?.split(',')[0]);
}

/** The view of a page behind sign-in. */
export function staffView(c: Ctx): StaffView {
  const view = c.get('view');
  if (!view.member) throw new Error('a page behind sign-in was reached without a session');
  return view as StaffView;
}
