import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { Core } from '../../core/unit.ts';

export interface HealthDeps {
  readonly core: Core;
  readonly adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  /** Resolves when the queue answers; rejects with an operator's line otherwise. */
  readonly queueAnswers: () => Promise<void>;
  /** How many processes do what, when several share the work. */
  readonly processes?: (() => Readonly<Record<string, number>>) | null;
  readonly metrics: MetricsText;
}

/** Prometheus exposition; implemented in runtime/metrics.ts. */
export interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}
