import {
  pauseAnnouncement,
  resendUnknown,
  resumeAnnouncement,
  stopAnnouncement,
} from '../../../core/announcements/index.ts';
import { postAgain } from '../../../core/announcements/posts.ts';
import type { Unit } from '../../../core/unit.ts';
import { type App, staffView } from '../../context.ts';
import { act } from '../../forms.ts';

const steps: Readonly<Record<string, (unit: Unit, id: string) => Promise<unknown>>> = {
  pause: pauseAnnouncement,
  resume: resumeAnnouncement,
  stop: stopAnnouncement,
  resend: resendUnknown,
};

/** Pause, resume, stop, and send again to those of whom nothing is known. */
export function steerActions(app: App): void {
  for (const [step, change] of Object.entries(steps)) {
    app.post(`/announcements/:id/${step}`, (c) => {
      const id = c.req.param('id');
      const { core } = staffView(c).deps;
      return act(c, `/announcements/${id}`, { key: `console:report.done.${step}` }, () =>
        core.transaction((unit) => change(unit, id)),
      );
    });
  }
  app.post('/announcements/:id/groups/:group/post', (c) => {
    const { id, group } = c.req.param();
    const { core } = staffView(c).deps;
    return act(c, `/announcements/${id}`, { key: 'groups:posts.trying' }, () =>
      core.transaction((unit) => postAgain(unit, id, group)),
    );
  });
}
