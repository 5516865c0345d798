import { createAnnouncement } from '../../../core/announcements/index.ts';
import { checkSomebody } from '../../../core/audiences/reach.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { type App, staffView } from '../../context.ts';
import { setFlash } from '../../flash.ts';
import { readForm } from '../../forms.ts';
import { once } from '../../once.ts';
import { previewAgain } from './compose.tsx';
import { readDraft } from './draft.ts';

/** Sends what the preview showed. */
export function sendAction(app: App): void {
  app.post('/announcements', async (c) => {
    const view = staffView(c);
    const fields = await readForm(c);
    try {
      const draft = readDraft(view, fields, fields.optional('attachmentId'));
      const id = await once(view.deps.core, fields.optional('once'), async (unit) => {
        const made = await createAnnouncement(unit, draft, view.member.id);
        // A group posted in has readers of its own.
        if (!draft.groups?.length) await checkSomebody(unit, draft.audience, draft.sendAt);
        return made.id;
      });
      setFlash(c, { kind: 'success', key: `console:compose.${draft.sendAt ? 'scheduled' : 'onItsWay'}` });
      return c.redirect(`/announcements/${id}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return previewAgain(c, view, fields, error);
    }
  });
}
