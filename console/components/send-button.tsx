import type { AudienceReach } from '../../core/audiences/reach.ts';
import type { View } from '../context.ts';

/** Sends what the preview shows, saying to how many; none when it would leave now and reach nobody. */
export const SendButton = ({
  view,
  reach,
  later,
  elsewhere,
}: {
  view: View;
  reach: AudienceReach;
  /** It leaves at a chosen time, when others may have joined. */
  later: boolean;
  /** It is posted in a group as well. */
  elsewhere?: boolean;
}) => {
  if (!later && !elsewhere && reach.reachable === 0) return null;
  return (
    <button type="submit" class="ds-button">
      {later
        ? view.t('console:compose.schedule')
        : view.t('console:compose.send', { count: reach.reachable })}
    </button>
  );
};
