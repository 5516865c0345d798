import { afterEach, expect, vi } from 'vitest';
import { DiscordAdapter, type DiscordOptions } from '../../../bots/discord/adapter.ts';
import type { DiscordTexts } from '../../../bots/discord/commands.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import type { Block, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { DiscordEmulator, type EmulatorOptions } from '../../emulators/discord/server.ts';

export const token = 'Abcdefgh12345678';
let nextDelivery = 1;

export const message = (
  blocks: readonly Block<string>[] | string,
  more: Partial<OutboundMessage> = {},
): OutboundMessage => ({
  token,
  language: 'pl',
  deliveryId: `delivery-${nextDelivery++}`,
  blocks: typeof blocks === 'string' ? [{ type: 'text', text: blocks }] : blocks,
  ...more,
});

const words = (language: string): DiscordTexts => ({
  seeDirectMessages: `${language}: see your messages`,
  openDirectMessages: `${language}: allow messages`,
  markSeveral: `${language}: mark`,
  setUp: `${language}: post a button`,
  channel: language === 'pl' ? 'kanał' : 'channel',
  setUpWhere: `${language}: where`,
});
export const texts = { pl: words('pl'), en: words('en') };

export const command = (pl: string, en: string) => ({
  name: { pl, en },
  description: { pl: `po polsku ${pl}`, en: `in English ${en}` },
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export async function openEmulator(options: EmulatorOptions = {}): Promise<DiscordEmulator> {
  const emulator = await DiscordEmulator.start(options);
  cleanups.push(() => emulator.close());
  return emulator;
}

export function openAdapter(emulator: DiscordEmulator, options: Partial<DiscordOptions> = {}) {
  const log: string[] = [];
  const adapter = new DiscordAdapter({
    token: emulator.token,
    apiUrl: emulator.url,
    backoffMs: () => 5,
    sendTimeoutMs: 2000,
    openingIntervalMs: 0,
    log: (_, line) => log.push(line),
    ...options,
  });
  cleanups.push(() => adapter.close());
  return { adapter, log };
}

/** A connected adapter and what it took; `onEvent` may refuse or wait. */
export async function connected(
  emulator: DiscordEmulator,
  options: Partial<DiscordOptions> = {},
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

/** Once the app offers what the bot asked it to. */
export const offered = (emulator: DiscordEmulator, many: number) =>
  until(() => expect(emulator.platform.commands).toHaveLength(many));

export const until = (check: () => void) => vi.waitFor(check, { timeout: 12_000, interval: 5 });

export const textsOf = (events: readonly InboundEvent[]) =>
  events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
