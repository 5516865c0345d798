import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import type { Core } from '../core/unit.ts';
import type { Config, Role } from './config.ts';
import type { LiveHub } from './live-hub.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { QueueKind } from './queue/queue-server.ts';
import type { WebchatHub } from './webchat-hub.ts';

/** The running program, as the edges see it. Built in compose.ts, once. */
export interface Runtime {
  readonly core: Core;
  /** As set by the operator; `secret` and `url` are settled by now. */
  readonly config: Config & { readonly secret: string };
  /** The messengers that are on. */
  readonly adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly live: LiveHub;
  readonly webchat: WebchatHub;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly queueKind: QueueKind;
  /** Resolves when the queue answers. */
  readonly queueAnswers: () => Promise<void>;
  /** How many processes do what, when several share the work. */
  readonly processes: (() => Readonly<Record<Role, number>>) | null;
}
