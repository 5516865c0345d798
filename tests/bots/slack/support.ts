import { afterEach, vi } from 'vitest';
import { SlackAdapter, type SlackOptions } from '../../../bots/slack/adapter.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import type { Block, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { type EmulatorOptions, SlackEmulator } from '../../emulators/slack/server.ts';

export const token = 'Abcdefgh12345678';

export const message = (
  blocks: readonly Block<string>[] | string,
  more: Partial<OutboundMessage> = {},
): OutboundMessage => ({
  token,
  language: 'pl',
  deliveryId: 'd',
  blocks: typeof blocks === 'string' ? [{ type: 'text', text: blocks }] : blocks,
  ...more,
});

export const field = {
  label: 'Co przeszkadza?',
  title: 'Zgłoszenie',
  submit: 'Wyślij',
  cancel: 'Anuluj',
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Freed after the test, last first. */
export function later(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

export async function openEmulator(options: EmulatorOptions = {}): Promise<SlackEmulator> {
  const emulator = await SlackEmulator.start(options);
  later(() => emulator.close());
  return emulator;
}

export function openAdapter(emulator: SlackEmulator, options: Partial<SlackOptions> = {}) {
  const log: string[] = [];
  const adapter = new SlackAdapter({
    token: emulator.token,
    receiving: { appToken: emulator.appToken },
    apiUrl: emulator.apiUrl,
    backoffMs: () => 5,
    sendTimeoutMs: 5000,
    log: (_, line) => log.push(line),
    ...options,
  });
  later(() => adapter.close());
  return { adapter, log };
}

/** A connected adapter and what it took; `onEvent` may refuse or wait. */
export async function connected(
  emulator: SlackEmulator,
  options: Partial<SlackOptions> = {},
  onEvent: (event: InboundEvent) => Promise<void> = async () => undefined,
) {
  const { adapter, log } = openAdapter(emulator, options);
  const events: InboundEvent[] = [];
  await adapter.connect(async (event) => {
    await onEvent(event);
    events.push(event);
  });
  return { adapter, log, events };
}

export const until = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 3 });
