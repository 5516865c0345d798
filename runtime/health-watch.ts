import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';

/** How often messengers are asked how their connection is: soon enough for a page somebody looks at. */
const everyMs = 1000;

/** Tells live pages when a messenger's connection changed; returns what ends it. */
export function watchHealth(
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
  publish: (topic: string) => void,
): () => void {
  const look = () => JSON.stringify([...adapters].map(([name, adapter]) => [name, adapter.health()]));
  let known = look();
  const timer = setInterval(() => {
    const now = look();
    if (now === known) return;
    known = now;
    publish('messengers');
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
