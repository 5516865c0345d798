import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { refreshGroups } from '../core/groups/refresh.ts';
import type { Core } from '../core/unit.ts';
import { steadyClock } from './ids.ts';
import type { Logger } from './logger.ts';

/** Soon enough after a messenger is connected; a new channel is looked for at once by a button of the console's. */
const lookMs = 10_000;
const everyMs = 10 * 60_000;

interface Look {
  /** By the steady clock. */
  readonly at: number;
  /** After a look at which the messenger said nothing: it may only not know yet. */
  readonly soonMs: number;
}
const firstLook: Look = { at: 0, soonMs: lookMs };

/** Keeps the list of groups up to date, of the messengers that have any; returns what ends it. */
export function watchGroups(
  core: Core,
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
  log: Pick<Logger, 'warn'>,
): () => void {
  const next = new Map<ChannelName, Look>();
  const told = (adapter: ChannelAdapter) =>
    refreshGroups(core, adapter).catch((error: unknown) => {
      log.warn({ err: error, channel: adapter.name }, 'the groups could not be read; asked again later');
      return false;
    });
  const look = async () => {
    for (const adapter of adapters.values()) {
      const { at, soonMs } = next.get(adapter.name) ?? firstLook;
      if (!adapter.capabilities.groups || steadyClock.now() < at || adapter.health().state !== 'connected')
        continue;
      next.set(adapter.name, { at: steadyClock.now() + everyMs, soonMs: lookMs });
      if (await told(adapter)) continue;
      next.set(adapter.name, { at: steadyClock.now() + soonMs, soonMs: Math.min(soonMs * 2, everyMs) });
    }
  };
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}
