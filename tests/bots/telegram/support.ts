import { afterEach, vi } from 'vitest';
import { TelegramAdapter, type TelegramOptions } from '../../../bots/telegram/adapter.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import type { Block, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { type EmulatorOptions, TelegramEmulator } from '../../emulators/telegram/server.ts';

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

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Freed after the test, last first. */
export function later(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

export async function openEmulator(options: EmulatorOptions = {}): Promise<TelegramEmulator> {
  const emulator = await TelegramEmulator.start(options);
  later(() => emulator.close());
  return emulator;
}

export function openAdapter(emulator: TelegramEmulator, options: Partial<TelegramOptions> = {}) {
  const log: string[] = [];
  const adapter = new TelegramAdapter({
    token: emulator.token,
    apiUrl: emulator.url,
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
  emulator: TelegramEmulator,
  options: Partial<TelegramOptions> = {},
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

/** Somebody whose conversation is open already. */
export function openPerson(emulator: TelegramEmulator) {
  const person = emulator.person();
  person.chat.state = 'open';
  return person;
}
