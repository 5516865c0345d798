import { deleteCookie, getCookie } from 'hono/cookie';
import { signOut } from '../../core/sign-in/sign-in.ts';
import { type App, sessionCookie, staffView } from '../context.ts';

export function signOutAction(app: App): void {
  app.post('/sign-out', async (c) => {
    const secret = getCookie(c, sessionCookie);
    if (secret) await staffView(c).deps.core.transaction((unit) => signOut(unit, secret));
    deleteCookie(c, sessionCookie, { path: '/' });
    return c.redirect('/sign-in', 303);
  });
}
