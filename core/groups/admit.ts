import type { InboundEvent } from '../channels/inbound-event.ts';
import { findAccountByAddress } from '../store/accounts.ts';
import type { Unit } from '../unit.ts';
import { admitGroup, dismissGroup, renameGroup } from './group.ts';

/** Wici was let into a group, or out of it, or the group is called something else. Who let it in is kept when they are a member: anybody may let a bot in. */
export async function groupEvent(
  unit: Unit,
  { channel, externalId, group, change }: Extract<InboundEvent, { type: 'group' }>,
): Promise<void> {
  if (change === 'letOut') return dismissGroup(unit, channel, group);
  if (change === 'renamed') return renameGroup(unit, channel, group);
  const account = await findAccountByAddress(unit.db, channel, externalId);
  await admitGroup(unit, channel, group, account?.member_id ?? null);
}
