import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { Core } from '../../core/unit.ts';

/** What the API needs of the running Wici; Runtime satisfies it. */
export interface ApiDeps {
  readonly core: Core;
  readonly adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly config: { readonly url: string; readonly apiToken: string | undefined };
  /** Called with a fault of ours (never with a caller's mistake). */
  readonly log: { error(fields: object, message: string): void };
}

/** What the guard found out about the caller. */
export interface ApiEnv {
  Variables: { tokenId: string };
}
