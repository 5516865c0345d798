import type { Delivery } from '../store/deliveries.ts';
import { say, type Text } from '../text.ts';

/** Why a delivery is where it is, in words. "stopped" is the person's doing when unreachable, the staff's when failed. */
export function reasonText(status: Delivery['status'], reason: string): Text {
  if (reason !== 'stopped') return say(`delivery:reason.${reason}`);
  return say(status === 'unreachable' ? 'delivery:reason.stoppedByMember' : 'delivery:reason.stoppedByStaff');
}
