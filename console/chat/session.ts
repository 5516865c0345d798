import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import type { ChatDeps } from './deps.ts';

const sessionCookie = 'wici_chat';
const startCookie = 'wici_chat_start';
/** The longest browsers keep a cookie. */
const sessionSeconds = 400 * 24 * 3600;
const startSeconds = 24 * 3600;

type CookieDeps = Pick<ChatDeps, 'secret' | 'secureCookies' | 'ids'>;

/** The address of this browser's conversation, or null when it has none (or a forged one). */
export async function findSession(c: Context, deps: CookieDeps): Promise<string | null> {
  const value = await getSignedCookie(c, deps.secret, sessionCookie);
  return value || null;
}

/** The same, made when there is none; kept for as long as the browser allows from now on. */
export async function ensureSession(c: Context, deps: CookieDeps): Promise<string> {
  const externalId = (await findSession(c, deps)) ?? `${deps.ids.token()}${deps.ids.token()}`;
  await setSignedCookie(c, sessionCookie, externalId, deps.secret, attributes(deps, sessionSeconds));
  return externalId;
}

/** Remembers the code of the link just opened until the conversation has begun with it; it leaves the address bar. */
export async function rememberStart(c: Context, deps: CookieDeps, code: string): Promise<void> {
  await setSignedCookie(c, startCookie, code, deps.secret, attributes(deps, startSeconds));
}

export async function findStart(c: Context, deps: CookieDeps): Promise<string | null> {
  return (await getSignedCookie(c, deps.secret, startCookie)) || null;
}

export function forgetStart(c: Context): void {
  deleteCookie(c, startCookie, { path: '/chat' });
}

function attributes({ secureCookies }: CookieDeps, maxAge: number) {
  return { httpOnly: true, sameSite: 'Lax', secure: secureCookies, path: '/chat', maxAge } as const;
}
