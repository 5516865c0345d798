import type { ChannelName } from './channel-name.ts';
import type { Group, InboundEvent } from './inbound-event.ts';
import type { OutboundMessage } from './outbound-message.ts';

/** What a platform can and cannot do, as data: callers branch on these, never on the channel's name. */
export interface ChannelCapabilities {
  /** Sent messages can be changed in place. */
  readonly edit: boolean;
  /** Sending the same deliveryId twice shows one message: an interrupted send may be repeated safely. */
  readonly idempotentSend: boolean;
  /** Messages a second the platform takes from one sender in bulk; 0 = no limit. */
  readonly messagesPerSecond: number;
  /** Edits a minute where the platform counts them by themselves; absent: they count as messages. */
  readonly editsPerMinute?: number;
  /** What people type before a command's name there: "/", or "/wici " where an app has one command of its own. */
  readonly commandPrefix: string;
  /** Set where an invitation's link opens the conversation only: people type its code there themselves. */
  readonly codeIsTyped?: true;
  /** Milliseconds to leave between two messages to one address; 0 = none. */
  readonly perAddressIntervalMs: number;
  /** So many messages an address that was quiet takes at once, the interval notwithstanding; 1 when absent. */
  readonly perAddressBurst?: number;
  /** A list of people that can be asked by their e-mail, as a workspace has one; null where there is none. */
  readonly directory: DirectoryCapabilities | null;
  /** What it is like in groups, chats shared by many people in which the bot can post; null when the messenger has none. */
  readonly groups: GroupCapabilities | null;
}

export interface DirectoryCapabilities {
  readonly lookupsPerMinute: number;
}

/** Somebody in a messenger's directory. */
export interface Listed {
  readonly externalId: string;
  readonly displayName?: string;
}

export interface GroupCapabilities {
  /** Milliseconds to leave between two messages to one group; 0 = none. */
  readonly intervalMs: number;
}

export interface SentMessage {
  /**
   * The platform's id of the message that carries the buttons. Where it was shown in several parts, the last's, then the
   * others' in their order, a space between: answering any of them answers it.
   */
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
  /** Set when only the operator can help: our credential was refused, or the bot lacks a permission. */
  readonly cause?: 'credential' | 'permission';
  /** The bot's public handle (Telegram: user name), once known: invitation links are built from it. */
  readonly handle?: string;
}

/**
 * What a person is told at once and alone of what they did in a group, on the spot. Not kept: who missed it presses again.
 */
export interface Aside {
  /** In the person's language; at most 200 UTF-16 units. */
  readonly text: string;
  /** An invitation's code: the messenger shows its way in (`invitationLink`) beside the words. */
  readonly invitation?: string;
  /** The person asked to come in: where the messenger can, it goes there at once instead. */
  readonly enter?: true;
}

/**
 * Resolves once the event is durably taken. An aside is for whoever did it, and comes only for what was done in a group.
 */
export type TakeEvent = (event: InboundEvent) => Promise<Aside | undefined>;

/**
 * One messenger. Holds no domain: it parses, renders, sends and names failures.
 * Every method rejects with ChannelError only.
 */
export interface ChannelAdapter {
  readonly name: ChannelName;
  readonly capabilities: ChannelCapabilities;
  readonly endpoints: readonly ChannelEndpoint[];
  /**
   * Who may receive when several processes run: `alone` one at a time holds the line to the platform; `anywhere` the platform,
   * or our own page, calls whichever process serves HTTP. Sending and editing need no `connect`.
   */
  readonly receives: 'alone' | 'anywhere';
  health(): ChannelHealth;
  /**
   * Starts receiving. `onEvent` resolves once the event is durably taken and must be awaited before the platform is told so;
   * what it resolves with is shown to the person alone; when it rejects, the event is not acknowledged and will come again. Events of one address are handed over in order.
   * Resolves once receiving has begun; a platform that is down is retried inside and shown by health().
   */
  connect(onEvent: TakeEvent): Promise<void>;
  /** `externalId`: a person's or a group's, as this adapter named it in events and in `groups()`: it tells the two apart. */
  send(externalId: string, message: OutboundMessage): Promise<SentMessage>;
  /** Shows `message` in place of what was sent. "Already so" is a success. Without capabilities.edit: resolves, doing nothing. */
  edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void>;
  /**
   * The groups the bot may post to now; null when the platform does not tell (they become known by `group` events then),
   * or not now. Without capabilities.groups: null.
   */
  groups(): Promise<readonly Group[] | null>;
  /** The person with this e-mail in the messenger's directory, or null. Without capabilities.directory: null. */
  findByEmail(email: string): Promise<Listed | null>;
  /** Stops receiving, waits for events in hand, frees everything. */
  close(): Promise<void>;
  /** The address that opens this messenger with an invitation's code, or null while unknown. */
  invitationLink(code: string): string | null;
}
