import { closePollNow, pausePoll, resumePoll, stopPoll } from '../../../core/polls/steer.ts';
import type { Unit } from '../../../core/unit.ts';
import { type App, staffView } from '../../context.ts';
import { act } from '../../forms.ts';

const steps: Readonly<Record<string, (unit: Unit, id: string) => Promise<unknown>>> = {
  pause: pausePoll,
  resume: resumePoll,
  stop: stopPoll,
  close: closePollNow,
};

export function steerPollActions(app: App): void {
  for (const [step, change] of Object.entries(steps)) {
    app.post(`/polls/:id/${step}`, (c) => {
      const id = c.req.param('id');
      const { core } = staffView(c).deps;
      return act(c, `/polls/${id}`, { key: `console:polls.done.${step}` }, () =>
        core.transaction((unit) => change(unit, id)),
      );
    });
  }
}
