import type { AudienceReach } from '../../core/audiences/reach.ts';
import { channelNames } from '../../core/channels/channel-name.ts';
import { pausedChannels } from '../../core/store/channel-state.ts';
import { channelTitle } from '../channel-title.ts';
import type { StaffView } from '../context.ts';

/** Said in a preview: which messengers would keep messages back now, how many, and until when. */
export const HeldBack = async ({ view, reach }: { view: StaffView; reach: AudienceReach }) => {
  const { t, deps } = view;
  const paused = await pausedChannels(deps.core.db);
  const held = channelNames.flatMap((channel) => {
    const count = reach.byChannel[channel] ?? 0;
    const state = paused.has(channel) ? 'paused' : deps.adapters.get(channel)?.health().state;
    if (count === 0 || (state !== 'paused' && state !== 'stopped')) return [];
    return [{ state, count, channel }];
  });
  if (held.length === 0) return null;
  return (
    <div class="ds-alert" data-color="warning">
      <div class="tight">
        {held.map(({ state, count, channel }) => (
          <p>{t(`console:compose.held.${state}`, { count, channel: channelTitle(view, channel) })}</p>
        ))}
      </div>
    </div>
  );
};
