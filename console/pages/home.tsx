import { type App, staffView } from '../context.ts';
import { takeFlash } from '../flash.ts';
import { Page } from '../layout/page.tsx';

export function homePage(app: App): void {
  app.get('/', (c) => {
    const view = staffView(c);
    return c.html(<Page view={view} title={view.t('console:nav.home')} flash={takeFlash(c)} />);
  });
}
