import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { lastBackups } from '../core/store/backups.ts';
import { countByStatus, oldestWait } from '../core/store/work-left.ts';
import type { Core } from '../core/unit.ts';
import type { Runtime } from './runtime.ts';

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** An inbound event was taken. */
  eventTaken(channel: ChannelName): void;
  /** A messenger answered with an error, by its code. */
  channelError(channel: ChannelName, code: string): void;
}

/** Prometheus figures of this process and of the work that stands in the database. No label ever names a person. */
export function createMetrics(
  core: Core,
  adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
  processes: Runtime['processes'] = null,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'wici_' });
  const registers = [registry];
  const events = new Counter({
    name: 'wici_inbound_events_total',
    help: 'Events taken from messengers since the process started.',
    labelNames: ['channel'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'wici_channel_errors_total',
    help: 'Errors messengers answered with since the process started, by code.',
    labelNames: ['channel', 'code'] as const,
    registers,
  });
  new Gauge({
    name: 'wici_messenger_up',
    help: '1 while the messenger is connected.',
    labelNames: ['channel'] as const,
    registers,
    collect() {
      for (const [channel, adapter] of adapters) {
        this.set({ channel }, adapter.health().state === 'connected' ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'wici_deliveries_unsettled',
    help: 'Deliveries pending or being sent.',
    labelNames: ['status'] as const,
    registers,
    async collect() {
      for (const [status, n] of Object.entries(await countByStatus(core.db))) this.set({ status }, n);
    },
  });
  new Gauge({
    name: 'wici_oldest_due_delivery_seconds',
    help: 'How long the longest waiting delivery that may leave has waited.',
    registers,
    async collect() {
      const since = await oldestWait(core.db, core.clock.now());
      this.set(since === null ? 0 : (core.clock.now() - since) / 1000);
    },
  });
  new Gauge({
    name: 'wici_last_backup_timestamp_seconds',
    help: 'The moment the last backup shows; 0 while there is none.',
    registers,
    async collect() {
      const { made } = await lastBackups(core.db);
      this.set((made?.at ?? 0) / 1000);
    },
  });
  new Gauge({
    name: 'wici_backup_failed',
    help: '1 when the last attempt at a backup failed.',
    registers,
    async collect() {
      const { tried } = await lastBackups(core.db);
      this.set(tried?.fault == null ? 0 : 1);
    },
  });
  if (processes) {
    new Gauge({
      name: 'wici_processes',
      help: 'Processes that share the work, by what they do.',
      labelNames: ['role'] as const,
      registers,
      collect() {
        for (const [role, n] of Object.entries(processes())) this.set({ role }, n);
      },
    });
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    eventTaken: (channel) => events.inc({ channel }),
    channelError: (channel, code) => errors.inc({ channel, code }),
  };
}
