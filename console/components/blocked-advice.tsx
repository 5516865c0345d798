import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { View } from '../context.ts';

/** What people can do who no longer get what is sent to them there. */
export const BlockedAdvice = ({ view, channels }: { view: View; channels: readonly ChannelName[] }) => (
  <>
    <p class="muted">{view.t('delivery:advice.blocked')}</p>
    <ul class="muted">
      {channels.map((channel) => (
        <li>{view.t(`delivery:advice.on.${channel}`)}</li>
      ))}
    </ul>
  </>
);
