import type { ChannelName } from './channel-name.ts';
import type { InboundEvent } from './inbound-event.ts';
import type { OutboundMessage } from './outbound-message.ts';

/** What a platform can and cannot do, as data: callers branch on these, never on the channel's name. */
export interface ChannelCapabilities {
  /** Sent messages can be changed in place. */
  readonly edit: boolean;
  /** Sending the same deliveryId twice shows one message: an interrupted send may be repeated safely. */
  readonly idempotentSend: boolean;
  /** Messages a second the platform takes from one sender in bulk; 0 = no limit. */
  readonly messagesPerSecond: number;
  /** Milliseconds to leave between two messages to one address; 0 = none. */
  readonly perAddressIntervalMs: number;
  /** So many messages an address that was quiet takes at once, the interval notwithstanding; 1 when absent. */
  readonly perAddressBurst?: number;
}

export interface SentMessage {
  /** The platform's id of the message that carries the buttons (the last part when it was split). */
  readonly externalMessageId: string;
}

/** An HTTP entry the platform calls (a webhook), mounted by the console's server under exactly this path. */
export interface ChannelEndpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  handle(request: Request): Promise<Response>;
}

/** What is known of the messenger's connection right now, for the operator. */
export interface ChannelHealth {
  readonly state: 'connecting' | 'connected' | 'failing' | 'stopped';
  /** One line with the cause when not connected. */
  readonly detail?: string;
  /** The bot's public handle (Telegram: user name), once known: invitation links are built from it. */
  readonly handle?: string;
}

/**
 * One messenger. Holds no domain: it parses, renders, sends and names failures.
 * Every method rejects with ChannelError only.
 */
export interface ChannelAdapter {
  readonly name: ChannelName;
  readonly capabilities: ChannelCapabilities;
  readonly endpoints: readonly ChannelEndpoint[];
  health(): ChannelHealth;
  /**
   * Starts receiving. `onEvent` resolves once the event is durably taken and must be awaited before the platform is told so;
   * when it rejects, the event is not acknowledged and will come again. Events of one address are handed over in order.
   * Resolves once receiving has begun; a platform that is down is retried inside and shown by health().
   */
  connect(onEvent: (event: InboundEvent) => Promise<void>): Promise<void>;
  send(externalId: string, message: OutboundMessage): Promise<SentMessage>;
  /** Shows `message` in place of what was sent. "Already so" is a success. Without capabilities.edit: resolves, doing nothing. */
  edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void>;
  /** Stops receiving, waits for events in hand, frees everything. */
  close(): Promise<void>;
  /** The address that opens this messenger with an invitation's code, or null while unknown. */
  invitationLink(code: string): string | null;
}
