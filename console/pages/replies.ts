import { answerReply } from '../../core/replies/answer.ts';
import { markHandled } from '../../core/replies/replies.ts';
import { type App, staffView } from '../context.ts';
import { act, ownPath, readForm } from '../forms.ts';

/** Answers a member's reply, or marks it as read. */
export function replyActions(app: App): void {
  app.post('/replies/:id/answer', async (c) => {
    const { deps, member } = staffView(c);
    const replyId = c.req.param('id');
    const fields = await readForm(c);
    const text = fields.text(`text-${replyId}`);
    return act(c, ownPath(fields.text('back')), { key: 'console:replies.sent' }, () =>
      deps.core.transaction((unit) => answerReply(unit, { replyId, text, staffId: member.id })),
    );
  });
  app.post('/replies/:id/handled', async (c) => {
    const { core } = staffView(c).deps;
    const fields = await readForm(c);
    return act(c, ownPath(fields.text('back')), { key: 'console:replies.isHandled' }, () =>
      core.transaction((unit) => markHandled(unit, c.req.param('id'))),
    );
  });
}
