import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import type { Core } from '../unit.ts';
import { learnGroups } from './group.ts';

/** Asks a messenger which groups there are now, and keeps what it says. False when it does not say. */
export async function refreshGroups(core: Core, adapter: ChannelAdapter): Promise<boolean> {
  const groups = await adapter.groups();
  if (groups === null) return false;
  await core.transaction((unit) => learnGroups(unit, adapter.name, groups));
  return true;
}
