import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { postJoinButton } from '../../../core/groups/join-button.ts';
import { refreshGroups } from '../../../core/groups/refresh.ts';
import { createLinkCode } from '../../../core/invitations/link-account.ts';
import { pauseMessenger, resumeMessenger } from '../../../core/messengers/pause.ts';
import { sendTestMessage } from '../../../core/messengers/test-message.ts';
import type { Unit } from '../../../core/unit.ts';
import { administratorView, missing } from '../../access.ts';
import { type App, staffView } from '../../context.ts';
import { act } from '../../forms.ts';
import { named, showMessenger } from './messenger.tsx';

const steering: Readonly<Record<'pause' | 'resume', (unit: Unit, channel: ChannelName) => Promise<void>>> = {
  pause: pauseMessenger,
  resume: resumeMessenger,
};

/** Administrators pause and resume; everybody of the staff may try a messenger on themselves. */
export function messengerActions(app: App): void {
  for (const [step, change] of Object.entries(steering)) {
    app.post(`/messengers/:channel/${step}`, async (c) => {
      const view = administratorView(c);
      const { channel, adapter } = await named(view, c.req.param('channel'));
      if (!adapter) missing();
      return act(c, '/messengers', { key: `messengers:done.${step}` }, () =>
        view.deps.core.transaction((unit) => change(unit, channel)),
      );
    });
  }
  app.post('/messengers/:channel/test', async (c) => {
    const view = staffView(c);
    const { channel } = await named(view, c.req.param('channel'));
    return act(c, `/messengers/${channel}`, { key: 'messengers:done.test' }, () =>
      view.deps.core.transaction((unit) => sendTestMessage(unit, view.member.id, channel)),
    );
  });
  app.post('/messengers/:channel/groups', async (c) => {
    const view = staffView(c);
    const { channel, adapter } = await named(view, c.req.param('channel'));
    if (!adapter) missing();
    return act(c, `/messengers/${channel}`, { key: 'groups:console.looked' }, async () => {
      if (!(await refreshGroups(view.deps.core, adapter))) throw new DomainError('groups:errors.notListed');
    });
  });
  app.post('/messengers/:channel/groups/:group/join', async (c) => {
    const view = staffView(c);
    const { channel } = await named(view, c.req.param('channel'));
    return act(c, `/messengers/${channel}`, { key: 'groups:console.posted' }, () =>
      view.deps.core.transaction((unit) => postJoinButton(unit, c.req.param('group'), view.member.id)),
    );
  });
  app.post('/messengers/:channel/connect', async (c) => {
    const view = staffView(c);
    const { code } = await view.deps.core.transaction((unit) => createLinkCode(unit, view.member.id));
    return showMessenger(c, view, code);
  });
}
