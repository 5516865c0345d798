import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import type { Core } from '../core/unit.ts';

/** What the console needs of the running program. Runtime satisfies it; tests hand in a small one. */
export interface ConsoleDeps {
  readonly core: Core;
  readonly config: {
    /** The address people reach Wici at, without a trailing slash. */
    readonly url: string;
    /** When a backup is made every day ("HH:MM", null = never), and where. */
    readonly backup: { readonly at: string | null; readonly folder: string };
  };
  readonly adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly live: {
    /** Calls `listener` for each change of these topics (all when null) until the returned function is called. */
    subscribe(topics: readonly string[] | null, listener: (topic: string) => void): () => void;
  };
  readonly log: {
    error(details: object, message: string): void;
  };
}
