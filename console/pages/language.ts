import { setCookie } from 'hono/cookie';
import { isLanguage } from '../../core/language.ts';
import { setLanguage } from '../../core/members/member.ts';
import { type App, languageCookie } from '../context.ts';
import { ownPath, readForm } from '../forms.ts';

/** Changes the language of the panel: kept with the person once signed in, with the browser before. */
export function changeLanguage(app: App): void {
  app.post('/language', async (c) => {
    const { member, deps } = c.get('view');
    const fields = await readForm(c);
    const language = fields.text('language');
    if (isLanguage(language)) {
      setCookie(c, languageCookie, language, {
        path: '/',
        sameSite: 'Lax',
        httpOnly: true,
        maxAge: 31_536_000,
      });
      if (member) await deps.core.transaction((unit) => setLanguage(unit, member.id, language));
    }
    return c.redirect(ownPath(fields.text('back')), 303);
  });
}
