import { nextAllowed } from '../../core/network/quiet-hours.ts';
import type { View } from '../context.ts';
import { Check } from './fields.tsx';

/** When a message that is not urgent would really leave, epoch ms, if quiet hours hold it back at `at`; else null. */
export function heldUntil(view: View, at: number): number | null {
  const { timeZone, quietFrom: from, quietTo: to } = view.network;
  const allowed = nextAllowed(at, { timeZone, from, to });
  return allowed > at ? allowed : null;
}

/** Said in a preview: it would wait for the end of quiet hours; one tick sends it all the same. */
export const QuietNote = ({ view, at, urgent }: { view: View; at: number; urgent: boolean }) => {
  const until = urgent ? null : heldUntil(view, at);
  if (until === null) return null;
  return (
    <div class="ds-alert" data-color="info">
      <div class="tight">
        <p>{view.t('console:compose.quiet', { when: view.formats.moment(until) })}</p>
        <Check name="urgent" label={view.t('console:compose.sendUrgent')} />
      </div>
    </div>
  );
};
