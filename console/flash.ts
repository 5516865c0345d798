import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Ctx } from './context.ts';

const cookie = 'wici_flash';

/** One sentence shown on the next page: what was done, or why it was not. */
export interface Flash {
  readonly kind: 'success' | 'warning' | 'danger';
  /** A key of a locale file. */
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export function setFlash(c: Ctx, flash: Flash): void {
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  setCookie(c, cookie, value, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 60 });
}

/** The sentence left for this page, taken away. A live part that refreshes itself leaves it to the page. */
export function takeFlash(c: Ctx): Flash | null {
  const value = getCookie(c, cookie);
  if (!value || c.req.header('hx-request')) return null;
  deleteCookie(c, cookie, { path: '/' });
  try {
    const flash = JSON.parse(Buffer.from(value, 'base64url').toString()) as Partial<Flash>;
    const known = typeof flash.key === 'string' && /^[a-z]+:[\w.]+$/i.test(flash.key);
    return known ? (flash as Flash) : null;
  } catch {
    return null;
  }
}
