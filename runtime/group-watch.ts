import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { refreshGroups } from '../core/groups/refresh.ts';
import type { Core } from '../core/unit.ts';
import type { Logger } from './logger.ts';

/** Soon enough after a messenger is connected; a new channel is looked for at once by a button of the console's. */
const lookMs = 10_000;
const everyMs = 10 * 60_000;

/** Keeps the list of groups up to date, of the messengers that have any; returns what ends it. */
export function watchGroups(
  core: Core,
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
  log: Pick<Logger, 'warn'>,
): () => void {
  const asked = new Map<ChannelName, number>();
  const look = async () => {
    for (const adapter of adapters.values()) {
      const due = (asked.get(adapter.name) ?? Number.NEGATIVE_INFINITY) + everyMs <= Date.now();
      if (!adapter.capabilities.groups || !due || adapter.health().state !== 'connected') continue;
      asked.set(adapter.name, Date.now());
      await refreshGroups(core, adapter).catch((error: unknown) =>
        log.warn({ err: error, channel: adapter.name }, 'the groups could not be read; asked again later'),
      );
    }
  };
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}
