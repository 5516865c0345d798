import { checkSomebody } from '../../../core/audiences/reach.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { createPoll } from '../../../core/polls/create.ts';
import { type App, staffView } from '../../context.ts';
import { setFlash } from '../../flash.ts';
import { readForm } from '../../forms.ts';
import { once } from '../../once.ts';
import { previewPollAgain } from './compose.tsx';
import { readPoll } from './draft.ts';

/** Sends what the preview showed. */
export function sendPollAction(app: App): void {
  app.post('/polls', async (c) => {
    const view = staffView(c);
    const fields = await readForm(c);
    try {
      const draft = readPoll(view, fields);
      const id = await once(view.deps.core, fields.optional('once'), async (unit) => {
        const made = await createPoll(unit, draft, view.member.id);
        await checkSomebody(unit, draft.audience, draft.opensAt);
        return made.id;
      });
      const later = draft.opensAt !== undefined;
      setFlash(c, { kind: 'success', key: `console:pollForm.${later ? 'scheduled' : 'onItsWay'}` });
      return c.redirect(`/polls/${id}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return previewPollAgain(c, view, fields, error);
    }
  });
}
